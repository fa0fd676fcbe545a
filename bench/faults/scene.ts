/**
 * A server under load that something is about to happen to: what its clients were told meanwhile, how long it
 * took until they were answered again, and whether every answer that was billed is in the ledger once.
 */
import { appendFileSync } from 'node:fs';
import {
  install,
  type Installation,
  type InstallOptions,
  tryCommand,
} from '../appliance/installation.ts';
import { reckon, type Reckoning } from '../appliance/reckoning.ts';
import type { RequestKind } from '../appliance/requests.ts';
import { Server, type ServerEnd, type StartOptions, startServer } from '../appliance/server.ts';
import { type Outcome, tally, Traffic } from '../appliance/traffic.ts';

const CLIENTS = 4;
/** Of load before anything happens, and after all is well. */
const CALM_MS = 2500;
const RECOVERY_TIMEOUT_MS = 60_000;

/** Something that goes wrong, and what came of it. */
export interface Fault {
  readonly name: string;
  /** Why it cannot be brought about on this machine; undefined when it can. */
  lacking?(): string | undefined;
  /** @param command how to start `gatehouse` */
  run(command: readonly string[]): Promise<Finding>;
}

export interface Finding {
  /** What happened, in sentences. */
  readonly happened: string;
  /** What clients got meanwhile. */
  readonly clients: string;
  /** From the end of the cause to the first answer; one number for each time it happened. */
  readonly recoveryMs: readonly number[];
  readonly reckoning?: Reckoning;
  /** What was not as it should be. */
  readonly wrong: readonly string[];
}

export interface SceneOptions extends InstallOptions, StartOptions {
  readonly kinds?: readonly RequestKind[];
  /** The fault takes records away that no program can bring back. */
  readonly lossIsDue?: boolean;
}

export class Scene {
  readonly installation: Installation;
  readonly wrong: string[] = [];
  readonly recoveryMs: number[] = [];
  readonly #options: SceneOptions;
  #server: Server;
  #traffic!: Traffic;

  private constructor(installation: Installation, server: Server, options: SceneOptions) {
    this.installation = installation;
    this.#server = server;
    this.#options = options;
  }

  /** Installs, starts, and lets clients in; resolves when they have been at it for a while. */
  static async open(command: readonly string[], options: SceneOptions = {}): Promise<Scene> {
    const installation = await install(command, options);
    const scene = new Scene(installation, await startServer(installation, options), options);
    scene.#traffic = await Traffic.start({
      installation,
      url: () => scene.server.url,
      clients: CLIENTS,
      ...(options.kinds && { kinds: options.kinds }),
    });
    await Bun.sleep(CALM_MS);
    return scene;
  }

  get server(): Server {
    return this.#server;
  }

  /** Starts the server anew, as whatever supervises it does. */
  restart(options: StartOptions = this.#options): void {
    this.#server = new Server(this.installation, options);
  }

  /** A start that is meant to fail; ends it when it does not. */
  async failedStart(options: StartOptions = this.#options): Promise<ServerEnd> {
    const server = new Server(this.installation, options);
    const end = await Promise.race([
      server.ended,
      server.ready().then(() => undefined, () => server.ended),
    ]);
    if (end !== undefined) return end;
    this.wrong.push('the server started');
    return await server.stop();
  }

  /** Waits for the first picture judged of a request that was sent from now on, and notes how long that took. */
  async recovered(): Promise<void> {
    const fromMs = performance.now();
    for (;;) {
      const first = this.#traffic.outcomes
        .find(({ sentMs, refid }) => sentMs >= fromMs && refid?.startsWith('W-face'));
      if (first !== undefined) return void this.recoveryMs.push(first.endedMs - fromMs);
      if (performance.now() - fromMs > RECOVERY_TIMEOUT_MS) {
        throw new Error(`no answer any more; health ${await this.server.health()}`);
      }
      await Bun.sleep(5);
    }
  }

  /** Waits until a request that was sent from now on has come back with something that holds. */
  async told(holds: (outcome: Outcome) => boolean, withinMs = 20_000): Promise<void> {
    const fromMs = performance.now();
    while (!this.#traffic.outcomes.some((one) => one.sentMs >= fromMs && holds(one))) {
      if (performance.now() - fromMs > withinMs) {
        this.wrong.push('clients were not told within the time');
        return;
      }
      await Bun.sleep(20);
    }
  }

  /** What those clients were told whose requests ended from one moment to another. */
  between(fromMs: number, toMs = performance.now()): string {
    const outcomes = this.#traffic.outcomes
      .filter(({ endedMs }) => endedMs >= fromMs && endedMs <= toMs);
    return tally(outcomes).join(', ');
  }

  /** Notes what is not as it should be. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.wrong.push(otherwise);
  }

  /** Runs a command of the program here. */
  command(...args: string[]) {
    return tryCommand(this.installation, args);
  }

  /** A while longer, then the end of everything; compares what was answered with what was billed. */
  async close(): Promise<{ reckoning: Reckoning; end: ServerEnd }> {
    await Bun.sleep(CALM_MS);
    const outcomes = await this.#traffic.stop();
    const end = await this.server.stop();
    const reckoning = await reckon(this.installation, outcomes);
    if (!this.#options.lossIsDue) this.wrong.push(...reckoning.wrong);
    this.expect(end.code === 0, `exit code ${end.code} on SIGTERM`);
    await this.remove();
    return { reckoning, end };
  }

  /** Ends everything when something has failed. */
  async abandon(): Promise<void> {
    void this.#traffic.stop();
    if (this.server.alive) this.server.kill('SIGKILL');
    await this.remove();
  }

  async remove(): Promise<void> {
    await this.installation.remove();
  }

  /** The finding, when everything has ended. */
  finding(happened: string, clients: string, reckoning?: Reckoning): Finding {
    const { recoveryMs, wrong } = this;
    const told = happened.replaceAll(/\/\S*\/gatehouse-(?:site|disk)-\w+\//g, '').replaceAll(
      /gatehouse [a-z]+: /g,
      '',
    );
    return { happened: told, clients, recoveryMs, wrong, ...(reckoning && { reckoning }) };
  }
}

/** Runs what happens in a scene, which is cleared away whatever comes of it. */
export async function inScene(
  command: readonly string[],
  options: SceneOptions,
  play: (scene: Scene) => Promise<{ happened: string; clients: string }>,
): Promise<Finding> {
  const scene = await Scene.open(command, options);
  try {
    const { happened, clients } = await play(scene);
    const { reckoning } = await scene.close();
    return scene.finding(happened, clients, reckoning);
  } catch (error) {
    for (const line of scene.server.lines.slice(-5)) console.error(JSON.stringify(line));
    await scene.abandon();
    throw error;
  }
}

/** Takes every byte that is left on a disk. */
export function fillDisk(path: string): void {
  for (let bytes = 2 ** 20; bytes >= 1;) {
    try {
      appendFileSync(path, new Uint8Array(bytes));
    } catch {
      bytes = Math.floor(bytes / 2);
    }
  }
}

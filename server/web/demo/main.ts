/** The demonstration of the Face SDK: capture, process, compare with a document. */
import { AsThreshold, FaceSDK } from '../face-sdk/main.ts';
import type { FaceSDKError, SdkOptions } from '../face-sdk/face-sdk.d.ts';
import { element, say } from '../home/dom.ts';
import { type Answer, match, process, verify } from './api.ts';
import { startLanguages, text } from './language.ts';
import { showCaptured, showMatched } from './result.ts';

/** FAR of 1 in 200 to 1 in 10,000 (matchWithPictureId). */
const MATCH_LEVELS = ['MEDIUM', 'HIGH', 'VERY_HIGH', 'HIGHEST'];

const form = element('form', HTMLFormElement);
const buttons = ['capture', 'match', 'verify'].map((id) => element(id, HTMLButtonElement));
const documentFile = element('picture-id', HTMLInputElement);
const status = element('status', HTMLElement);
const problem = element('problem', HTMLElement);
/** The last picture that was accepted, Base64. */
let selfie: string | undefined;

const chosen = (id: string): string => element(id, HTMLSelectElement).value;
const checked = (id: string): boolean => element(id, HTMLInputElement).checked;

function options(): SdkOptions {
  return {
    ...(chosen('threshold') === 'OFF'
      ? { enableAS: false }
      : { asThreshold: chosen('threshold') as AsThreshold }),
    appUI: chosen('ui') as NonNullable<SdkOptions['appUI']>,
    requiredTemplates: ['JPEG', 'PNG', 'ISO_19794_5'],
    enableICAOChecks: checked('icao'),
    enableBackgroundRemoval: checked('background'),
    showCaptureTraining: checked('training'),
    enableRetakeScreen: checked('retake'),
    allowCameraSelect: checked('cameras'),
    localization: text.sdk,
  };
}

async function capture(): Promise<Blob> {
  const sdk = new FaceSDK(options());
  await sdk.initialize();
  return await sdk.capture();
}

/** Runs one of the flows; what goes wrong is said under its code. */
async function run(work: () => Promise<Answer>, show: (answer: Answer) => void): Promise<void> {
  say(problem, undefined);
  buttons.forEach((button) => button.disabled = true);
  try {
    const answer = await work();
    show(answer);
    element('headline', HTMLElement).scrollIntoView({ block: 'nearest' });
  } catch (error) {
    const { code, getLocalizedString } = error as Partial<FaceSDKError>;
    const known = typeof getLocalizedString === 'function';
    const words = known ? getLocalizedString.call(error) : text.said.connection;
    say(problem, code === undefined ? words : `${words} (${text.said.code} ${code})`);
  } finally {
    status.textContent = '';
    ready();
  }
}

function ready(): void {
  const [take, compare, both] = buttons, hasDocument = documentFile.files?.length === 1;
  take.disabled = false;
  compare.disabled = !hasDocument || selfie === undefined;
  both.disabled = !hasDocument;
}

function sealed(): Promise<Blob> {
  return capture().then((blob) => {
    status.textContent = text.said.working;
    return blob;
  });
}

for (const level of Object.keys(AsThreshold)) {
  element('threshold', HTMLSelectElement).add(new Option(level));
}
element('threshold', HTMLSelectElement).value = AsThreshold.BALANCED_HIGH;
for (const level of MATCH_LEVELS) element('level', HTMLSelectElement).add(new Option(level));
startLanguages();
ready();
documentFile.onchange = ready;
form.onsubmit = (event) => {
  event.preventDefault();
  void run(async () => {
    const answer = await process(await sealed());
    selfie = answer.data?.templates?.JPEG ?? selfie;
    return answer;
  }, showCaptured);
};
const idPhoto = (): File => documentFile.files?.item(0) as File;
buttons[1].onclick = () =>
  void run(() => match(selfie as string, idPhoto(), chosen('level')), showMatched);
buttons[2].onclick = () =>
  void run(async () => verify(await sealed(), idPhoto(), chosen('level')), showMatched);
FaceSDK.preInitialize(
  { URL: '/api/v1/models' },
  { URL: { url: '/api/v1/pub_key', headers: [{ name: 'LogAPITrigger', value: 'true' }] } },
  { URL: '/api/v1/time' },
).catch((error: FaceSDKError) =>
  say(problem, `${text.said.connection} (${text.said.code} ${error.code})`)
);

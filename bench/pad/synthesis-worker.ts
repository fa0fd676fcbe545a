/** Renders the presentations of one person; started by the synthesis command, one per processor. */
import '../../server/core/native/libraries.ts';
import { render, type RenderJob } from './render.ts';

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<RenderJob>) => {
  self.postMessage(await render(data));
};

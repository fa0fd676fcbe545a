/** Portraits for documents: the token frame, and backgrounds of one colour. */
export { type Colour, formatColour, parseColour } from './colour.ts';
export {
  createPortraitMaker,
  type Portrait,
  type PortraitMaker,
  type PortraitOptions,
} from './portrait.ts';

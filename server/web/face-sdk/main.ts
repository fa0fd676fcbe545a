/** What the module exports; types and documentation: face-sdk.d.ts. */
import { AppUI, AsThreshold, Base64, Template, TransactionMode } from './enums.ts';
import { defineElement, GatehouseCaptureElement } from './element.ts';
import { FaceSDK } from './sdk.ts';

defineElement();

export { AppUI, AsThreshold, Base64, FaceSDK, GatehouseCaptureElement, Template, TransactionMode };

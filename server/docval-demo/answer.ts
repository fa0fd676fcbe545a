/** What `GET /docval/demo` tells the page of the demonstration. */

/** The specimen documents, in the order in which they are offered. */
export const SPECIMEN_IDS = [
  'pace-ca',
  'pace-cam',
  'aa-rsa',
  'bac',
  'cloned',
  'tampered-photo',
  'expired-signer',
  'stranger',
] as const;

export type SpecimenId = (typeof SPECIMEN_IDS)[number];

export interface SpecimenAnswer {
  readonly id: SpecimenId;
  /** In the form that the client takes. */
  readonly accessKey: { readonly can: string } | {
    readonly documentNumber: string;
    readonly dateOfBirth: string;
    readonly dateOfExpiry: string;
  };
}

export type DemoAnswer = { readonly enabled: false } | {
  readonly enabled: true;
  /** Good for this process and for the endpoints of the demonstration only. */
  readonly clientId: string;
  readonly specimens: readonly SpecimenAnswer[];
};

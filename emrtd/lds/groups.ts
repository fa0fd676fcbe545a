/** Tags and short file identifiers of the LDS1 files (ICAO 9303-10 Table 35). */

/** Outer tags of DG1 to DG16. */
const GROUP_TAGS = [
  0x61,
  0x75,
  0x63,
  0x76,
  0x65,
  0x66,
  0x67,
  0x68,
  0x69,
  0x6a,
  0x6b,
  0x6c,
  0x6d,
  0x6e,
  0x6f,
  0x70,
] as const;

/** Number, 1 to 16, of the data group with this outer tag. */
export function groupByTag(tag: number): number | undefined {
  const index = GROUP_TAGS.findIndex((known) => known === tag);
  return index < 0 ? undefined : index + 1;
}

/** Outer tag of data group `number`, 1 to 16. Throws RangeError for another number. */
export function groupTag(number: number): number {
  const tag = GROUP_TAGS[number - 1];
  if (tag === undefined) throw new RangeError(`no data group ${number}`);
  return tag;
}

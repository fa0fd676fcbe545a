/** Where this installation keeps its data. */
import { resolve } from 'node:path';

/** The folder named on the command line, else GATEHOUSE_DATA, else ./data. */
export function dataFolder(named: string | undefined): string {
  return resolve(named ?? (process.env.GATEHOUSE_DATA || 'data'));
}

import { Option } from 'commander';
import type { Command } from 'commander';
import type { TieTreatment, UnrankedTreatment } from '../protocol/experiment';
import type { DatasetRequest } from '../run/experiment';
import { columnChoice } from './parse';

/** Flags that say how a dataset is to be read. */
export interface DatasetFlags {
  readonly form?: string;
  readonly column?: Readonly<Record<string, string>>;
  readonly split?: string;
  readonly unranked?: UnrankedTreatment;
  readonly ties?: TieTreatment;
}

export function addDatasetOptions(command: Command): Command {
  return command
    .option('--form <name>', 'form of the file; recognised from its content by default')
    .option(
      '--column <role=name>',
      'which column plays a role, such as annotator=judge; may be repeated',
      columnChoice,
    )
    .option('--split <name>', 'of a folder: the split to read; train where it has several')
    .addOption(
      new Option('--unranked <meaning>', 'responses left out of a ranking were offered, or absent').choices([
        'offered',
        'absent',
      ]),
    );
}

export function datasetPart(flags: DatasetFlags): Partial<DatasetRequest> {
  return {
    form: flags.form,
    columns: flags.column,
    split: flags.split,
    unranked: flags.unranked,
    ties: flags.ties,
  };
}

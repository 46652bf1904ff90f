import type { Finding, Position } from '../protocol/finding';
import type { DatasetFile, ValidationReport } from '../protocol/validation';

/** The report of a dataset that is a folder, with the file and the line in it for every place. */
export function withFilePlaces(report: ValidationReport): ValidationReport {
  const { files } = report.dataset;
  if (!files) return report;
  const placed = (finding: Finding): Finding => ({
    ...finding,
    positions: finding.positions.map((position) => placeIn(files, position)),
    ...(finding.related && {
      related: finding.related.map((each) => ({ ...each, position: placeIn(files, each.position) })),
    }),
  });
  return { ...report, findings: report.findings.map(placed) };
}

/** @param position lines counted through all files */
function placeIn(files: readonly DatasetFile[], position: Position): Position {
  const file = files.findLast(({ firstLine }) => firstLine <= position.line);
  if (!file) return position;
  const before = file.firstLine - 1;
  return {
    ...position,
    file: file.name,
    line: position.line - before,
    ...(position.endLine !== undefined && { endLine: position.endLine - before }),
  };
}

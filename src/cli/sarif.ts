import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, ReportingConfiguration, ReportingDescriptor, Result } from 'sarif';
import type { Finding, Position, Severity } from '../protocol/finding';
import type { ValidationReport } from '../protocol/validation';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Further places of one finding that are listed; `occurrences` says how many there are. */
const MOST_RELATED = 100;

type Level = NonNullable<ReportingConfiguration['level']>;

const LEVEL: Readonly<Record<Severity, Level>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};
const GRAVEST_FIRST: readonly Level[] = ['error', 'warning', 'note'];

export interface SarifOptions {
  /** The file that findings point into. */
  readonly file: string;
  /** Version of this program. */
  readonly version: string;
  /** Paths in the log are relative to this folder where the file lies in it. */
  readonly folder: string;
  /** The page that explains a finding, as Markdown; undefined where there is none. */
  readonly page: (code: string) => string | undefined;
}

/** Findings as a SARIF 2.1.0 log, which code review and editors read. Verdicts are kept in the run's properties. */
export function sarifLog(report: ValidationReport, options: SarifOptions): Log {
  const uri = uriOf(options.file, options.folder);
  const inFile = (name: string) => uriOf(path.join(options.file, name), options.folder);
  const codes = [...new Set(report.findings.map(({ code }) => code))].sort();
  const ruleIndex = new Map(codes.map((code, index) => [code, index]));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'emdpo',
            fullName: 'EM-DPO Lab',
            version: options.version,
            rules: codes.map((code) => ruleOf(code, report.findings, options.page(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: [{ location: { uri } }],
        results: report.findings.map((finding) =>
          resultOf(finding, ruleIndex.get(finding.code)!, uri, inFile),
        ),
        properties: { dataset: report.dataset, verdicts: report.verdicts, design: report.design },
      },
    ],
  };
}

function ruleOf(code: string, findings: readonly Finding[], page: string | undefined): ReportingDescriptor {
  const levels = findings.filter((finding) => finding.code === code).map(({ severity }) => LEVEL[severity]);
  const level = GRAVEST_FIRST.find((each) => levels.includes(each)) ?? 'note';
  return {
    id: code,
    defaultConfiguration: { level },
    ...(page === undefined
      ? {}
      : { shortDescription: { text: summaryOf(page) }, help: { text: plain(page), markdown: page } }),
  };
}

/** @param inFile the place of a file of a dataset that is a folder */
function resultOf(
  finding: Finding,
  ruleIndex: number,
  uri: string,
  inFile: (name: string) => string,
): Result {
  const { code, severity, message, fix, positions, related = [], occurrences } = finding;
  const locationOf = (position?: Position): Location => ({
    physicalLocation: {
      artifactLocation: position?.file === undefined ? { uri, index: 0 } : { uri: inFile(position.file) },
      ...(position && {
        region: {
          startLine: position.line,
          startColumn: position.column,
          ...(position.endColumn !== undefined && {
            endLine: position.endLine ?? position.line,
            endColumn: position.endColumn,
          }),
        },
      }),
    },
  });
  const places = [
    ...related,
    ...positions.slice(1).map((position) => ({ position, message: 'Also here.' })),
  ].slice(0, MOST_RELATED);
  return {
    ruleId: code,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: fix === undefined ? message : `${message} ${fix}` },
    locations: [locationOf(positions.at(0))],
    ...(places.length > 0 && {
      relatedLocations: places.map((place, i) => ({
        id: i + 1,
        ...locationOf(place.position),
        message: { text: place.message },
      })),
    }),
    ...(occurrences !== undefined && { occurrenceCount: occurrences }),
    properties: {
      scope: finding.scope,
      verdict: finding.verdict,
      types: finding.types,
      source: finding.source,
    },
  };
}

/** Relative with slashes inside the folder, as code review expects; else a file URL. */
function uriOf(file: string, folder: string): string {
  const relative = path.relative(folder, path.resolve(folder, file));
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative))
    return pathToFileURL(path.resolve(folder, file)).href;
  return relative.split(path.sep).map(encodeURIComponent).join('/');
}

/** The first sentence that says what the finding is: after the title and what becomes of the record. */
function summaryOf(page: string): string {
  const paragraphs = page.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
  const about = paragraphs.find((paragraph) => !/^(#|\*\*|```)/.test(paragraph)) ?? paragraphs[0];
  const line = plain(about).replace(/\s+/g, ' ');
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}

/** Markdown without its marks. */
function plain(page: string): string {
  return page
    .replace(/^#+ /gm, '')
    .replace(/^```.*$\n?/gm, '')
    .replace(/\*\*|`/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
}

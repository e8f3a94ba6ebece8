import type { NotTestable } from './not-testable.js';
import { nameOf, type Requirement, type Source } from './requirement-title.js';

export interface ShownRequirement extends Requirement {
  /** The test's file, by its name alone. */
  file: string;
}

const TITLES: Record<Source, string> = {
  6749: 'The OAuth 2.0 Authorization Framework',
  6750: 'Bearer Token Usage',
  7009: 'Token Revocation',
  7523: 'JWT Profile for Client Authentication (with its audience rule of 2025)',
  7636: 'Proof Key for Code Exchange',
  7662: 'Token Introspection',
  8414: 'Authorization Server Metadata',
  8707: 'Resource Indicators',
  9068: 'JWT Profile for Access Tokens',
  9126: 'Pushed Authorization Requests',
  9207: 'Authorization Server Issuer Identification',
  9449: 'Demonstrating Proof of Possession (DPoP)',
  9700: 'Best Current Practice for OAuth 2.0 Security',
  9701: 'JWT Response for Token Introspection',
  'FAPI 2.0': 'The Security Profile, for clients of the profile `fapi2`',
};

const HEAD = `# Conformance

Generated from the tests under [test/conformance](../test/conformance) by \`npm run docs:conformance\`; not to be edited. A row is a test of that name, and \`npm test\` and \`npm run test:postgres\` fail where a row and its test part.

The rows are what binds an authorization server or a resource server. A requirement that binds a client has a row where the server can hold the client to it. What stands in round brackets is not the source’s own.
`;

/** The whole of docs/conformance.md. */
export function conformanceTable(
  requirements: readonly ShownRequirement[],
  notTestable: readonly NotTestable[],
  deviations: readonly NotTestable[],
): string {
  const sources = [...new Set(requirements.map(({ source }) => source))].sort(bySource);
  const chapters = sources.map((source) => chapterOf(source, requirements));
  return [
    HEAD,
    ...chapters,
    '## What no test can show\n',
    explained(notTestable, 'Why, and what Postern does for it'),
    ...(deviations.length > 0
      ? ['## Where Postern does otherwise\n', explained(deviations, 'What it does, and why')]
      : []),
  ].join('\n');
}

function chapterOf(source: Source, requirements: readonly ShownRequirement[]): string {
  const rows = requirements
    .filter((one) => one.source === source)
    .toSorted((a, b) => bySection(a.section, b.section))
    .map(({ section, sentence, level, file }) => {
      const link = `[${file.replace('.spec.ts', '')}](../test/conformance/${file})`;
      return row(`[${section}](${sectionUrl(source, section)})`, sentence, level, link);
    });
  return [
    `## ${nameOf(source)}: ${TITLES[source]}\n`,
    row('Section', 'Requirement', 'Level', 'Test'),
    row('---', '---', '---', '---'),
    ...rows,
    '',
  ].join('\n');
}

function explained(rows: readonly NotTestable[], heading: string): string {
  return [
    row('Source', 'Section', 'Requirement', heading),
    row('---', '---', '---', '---'),
    ...rows.map(({ source, section, sentence, because }) => row(nameOf(source), section, sentence, because)),
    '',
  ].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function sectionUrl(source: Source, section: string): string {
  if (source === 'FAPI 2.0')
    return `https://openid.net/specs/fapi-security-profile-2_0-final.html#section-${section}`;
  const anchor = /^\d/.test(section) ? `section-${section}` : `appendix-${section}`;
  return `https://www.rfc-editor.org/rfc/rfc${source}#${anchor}`;
}

/** RFCs by their numbers, then the profile. */
function bySource(a: Source, b: Source): number {
  return (typeof a === 'number' ? a : Infinity) - (typeof b === 'number' ? b : Infinity);
}

/** 4.2 before 4.10, and appendices last. */
function bySection(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

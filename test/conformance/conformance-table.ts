import type { NotTestable } from './not-testable.js';
import type { Requirement } from './requirement-title.js';

export interface ShownRequirement extends Requirement {
  /** The test's file, by its name alone. */
  file: string;
}

const RFC_TITLES: Record<number, string> = {
  6749: 'The OAuth 2.0 Authorization Framework',
  6750: 'Bearer Token Usage',
  7009: 'Token Revocation',
  7636: 'Proof Key for Code Exchange',
  7662: 'Token Introspection',
  8414: 'Authorization Server Metadata',
  9068: 'JWT Profile for Access Tokens',
  9207: 'Authorization Server Issuer Identification',
  9700: 'Best Current Practice for OAuth 2.0 Security',
};

const HEAD = `# Conformance

Generated from the tests under [test/conformance](../test/conformance) by \`npm run docs:conformance\`; not to be edited. A row is a test of that name, and \`npm test\` and \`npm run test:postgres\` fail where a row and its test part.

The rows are what binds an authorization server or a resource server. A requirement that binds a client has a row where the server can hold the client to it. What stands in round brackets is not the RFC's.
`;

/** The whole of docs/conformance.md. */
export function conformanceTable(
  requirements: readonly ShownRequirement[],
  notTestable: readonly NotTestable[],
  deviations: readonly NotTestable[],
): string {
  const rfcs = [...new Set(requirements.map(({ rfc }) => rfc))].sort((a, b) => a - b);
  const chapters = rfcs.map((rfc) => chapterOf(rfc, requirements));
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

function chapterOf(rfc: number, requirements: readonly ShownRequirement[]): string {
  const rows = requirements
    .filter((one) => one.rfc === rfc)
    .toSorted((a, b) => bySection(a.section, b.section))
    .map(({ section, sentence, level, file }) => {
      const link = `[${file.replace('.spec.ts', '')}](../test/conformance/${file})`;
      return row(`[${section}](${sectionUrl(rfc, section)})`, sentence, level, link);
    });
  return [
    `## RFC ${rfc}: ${RFC_TITLES[rfc]}\n`,
    row('Section', 'Requirement', 'Level', 'Test'),
    row('---', '---', '---', '---'),
    ...rows,
    '',
  ].join('\n');
}

function explained(rows: readonly NotTestable[], heading: string): string {
  return [
    row('RFC', 'Section', 'Requirement', heading),
    row('---', '---', '---', '---'),
    ...rows.map(({ rfc, section, sentence, because }) => row(String(rfc), section, sentence, because)),
    '',
  ].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function sectionUrl(rfc: number, section: string): string {
  const anchor = /^\d/.test(section) ? `section-${section}` : `appendix-${section}`;
  return `https://www.rfc-editor.org/rfc/rfc${rfc}#${anchor}`;
}

/** 4.2 before 4.10, and appendices last. */
function bySection(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

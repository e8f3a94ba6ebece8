import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { conformanceTable, type ShownRequirement } from './conformance-table.js';
import { DEVIATIONS, NOT_TESTABLE } from './not-testable.js';
import { requirementOf } from './requirement-title.js';

/** As much of Jest's own types as is needed here. */
interface JestConfig {
  rootDir: string;
  testNamePattern?: string;
}
interface SpecResult {
  testFilePath: string;
  testExecError?: unknown;
  testResults: { title: string; status: string }[];
}

const SPEC = '.spec.js';

/**
 * Holds docs/conformance.md to the tests under test/conformance, once a run has had all of them: the
 * run fails where the table differs. With POSTERN_WRITE_CONFORMANCE it writes the table instead.
 */
export default class ConformanceReporter {
  private readonly results: SpecResult[] = [];
  private error: Error | undefined;
  private readonly folder: string;
  private readonly document: string;

  constructor(
    private readonly config: JestConfig,
    private readonly options: { output?: { write(text: string): unknown } } = {},
  ) {
    this.folder = join(config.rootDir, 'test', 'conformance');
    this.document = join(config.rootDir, '..', 'docs', 'conformance.md');
  }

  onTestResult(_: unknown, result: SpecResult): void {
    if (dirname(result.testFilePath) === this.folder) this.results.push(result);
  }

  async onRunComplete(): Promise<void> {
    try {
      if (await this.sawEverything()) await this.settle();
    } catch (error) {
      this.error = error as Error;
      (this.options.output ?? process.stderr).write(`\n${this.error.message}\n`);
    }
  }

  /** What Jest asks for: a reporter with an error fails the run. */
  getLastError(): Error | undefined {
    return this.error;
  }

  private async sawEverything(): Promise<boolean> {
    if (this.config.testNamePattern) return false;
    const specs = (await readdir(this.folder)).filter((name) => name.endsWith(SPEC));
    const seen = new Set(this.results.map(({ testFilePath }) => basename(testFilePath)));
    return specs.every((name) => seen.has(name));
  }

  private async settle(): Promise<void> {
    const requirements = this.results
      .toSorted((a, b) => a.testFilePath.localeCompare(b.testFilePath, 'en'))
      .flatMap(shownBy);
    const table = conformanceTable(requirements, NOT_TESTABLE, DEVIATIONS);
    if (process.env.POSTERN_WRITE_CONFORMANCE) return writeFile(this.document, table);
    const written = await readFile(this.document, 'utf8').catch(() => '');
    if (written !== table)
      throw new Error('docs/conformance.md is not what the tests say: npm run docs:conformance');
  }
}

/** @throws Error where a requirement is not shown, or shown twice */
function shownBy({ testFilePath, testExecError, testResults }: SpecResult): ShownRequirement[] {
  const file = basename(testFilePath).replace(SPEC, '.spec.ts');
  if (testExecError) throw new Error(`Conformance is not shown: ${file} did not run.`);
  const notShown = testResults.find(({ status }) => status !== 'passed');
  if (notShown) throw new Error(`Conformance is not shown: “${notShown.title}” ${notShown.status}.`);
  const titles = testResults.map(({ title }) => title);
  const twice = titles.find((title, index) => titles.indexOf(title) !== index);
  if (twice) throw new Error(`“${twice}” is there twice.`);
  return titles.map((title) => ({ ...requirementOf(title), file }));
}

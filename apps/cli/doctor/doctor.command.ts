import { Command, Option } from 'nest-commander';
import { DataSource } from 'typeorm';
import { dataSourceOptions, type DatabaseConnection } from '#database';
import { paint } from '../program/colours.js';
import { PosternCommand } from '../program/command.js';
import { EXIT } from '../program/exit-code.js';
import { CommandFailure, failureOf } from '../program/failure.js';
import { configurationFindings } from './configuration-checks.js';
import { contentFindings } from './content-checks.js';
import { fail, ok, type Finding, type Status } from './finding.js';
import { serverFindings } from './server-checks.js';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

@Command({
  name: 'doctor',
  description: 'Look at a deployment, and say what to mend. It changes nothing.',
})
export class DoctorCommand extends PosternCommand {
  protected readonly examples = [
    ['postern doctor', 'Exit code 1 where something fails, 3 where the database does not answer'],
    ['postern doctor --instances 6', 'Whether the connections suffice for as many'],
    ['postern doctor --strict --json', 'For a pipeline: a warning fails too'],
  ] as const;

  async run(
    _arguments: string[],
    { instances = 1, strict = false }: { instances?: number; strict?: boolean },
  ): Promise<void> {
    const findings = await configurationFindings(this.deployment.configuration);
    const unreachable = await this.examineDatabase(findings, instances);
    const count = (status: Status) => findings.filter((one) => one.status === status).length;
    const [failed, warned] = [count('fail'), count('warn')];
    const passed = failed === 0 && !(strict && warned > 0);
    const sum = `${count('ok')} ok, ${warned} to mind, ${failed} to mend`;
    this.output.result({ passed, findings }, [...findings.map(line), '', sum].join('\n'));
    if (!passed) throw new CommandFailure(sum, unreachable ? EXIT.unreachable : EXIT.failed);
  }

  @Option({
    flags: '--instances <count>',
    description: 'How many there are to be; default: those that run now.',
  })
  instances(count: string): number {
    if (!/^[1-9]\d{0,3}$/.test(count)) throw CommandFailure.usage('--instances takes a whole number.');
    return Number(count);
  }

  @Option({ flags: '--strict', description: 'A warning fails as well.' })
  strict(): boolean {
    return true;
  }

  /** Adds what it finds. @returns whether the database is out of reach */
  private async examineDatabase(findings: Finding[], instances: number): Promise<boolean> {
    try {
      await this.deployment.withDatabase(async ({ connection, by }) => {
        const session = await openSession(connection);
        try {
          findings.push(ok('database', `answers, by ${by === 'url' ? 'DATABASE_URL' : by}`));
          const server = await serverFindings(session, connection, this.deployment.configuration, instances);
          findings.push(...server);
          // Of another schema, what it holds cannot be read.
          if (server.some(({ check, status }) => check === 'schema' && status === 'fail')) return;
          findings.push(...(await contentFindings(session, this.deployment.configuration)));
        } finally {
          await session.destroy();
        }
      });
      return false;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.exitCode !== EXIT.unreachable) throw error;
      const remedy =
        'Start it, or mend DATABASE_URL or POSTERN_DATA_DIR; a firewall and pg_hba.conf may keep it off too.';
      findings.push(fail('database', failure.message, remedy));
      return true;
    }
  }
}

function openSession(connection: DatabaseConnection): Promise<DataSource> {
  return new DataSource({ ...dataSourceOptions({ ...connection, poolMax: 1 }), migrations: [] }).initialize();
}

function line({ status, check, found, remedy }: Finding): string {
  const mark = paint(process.stdout, COLOURS[status], status.padEnd(4));
  return [`${mark}  ${check.padEnd(20)}  ${found}`, ...(remedy ? [`      → ${remedy}`] : [])].join('\n');
}

// What the registry knows against the packages that Postern runs on: high and critical fail. Where the
// registry does not say, as a mirror may not, that is said too; with --strict it fails.
import { spawnSync } from 'node:child_process';

const FAIL_AT = ['high', 'critical'];
const strict = process.argv.includes('--strict');

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});

const report = read(stdout ?? '');
if (!report?.metadata?.vulnerabilities) {
  const reason =
    report?.error?.summary || report?.message || error?.message || stderr?.trim().split('\n').at(-1);
  say(`Dependencies: NOT AUDITED, as the registry does not offer it here (${firstLine(reason)}).`);
  process.exit(strict ? 1 : 0);
}

const { info, low, moderate, high, critical } = report.metadata.vulnerabilities;
say(
  `Dependencies: critical ${critical}, high ${high}, moderate ${moderate}, low ${low}, for information ${info}.`,
);
for (const { name, severity, range, via } of Object.values(report.vulnerabilities ?? {})) {
  const titles = via.map((one) => (typeof one === 'string' ? `by way of ${one}` : `${one.title} ${one.url}`));
  say(`  ${severity.padEnd(8)} ${name} ${range}: ${titles.join('; ')}`);
}
process.exit(FAIL_AT.some((severity) => report.metadata.vulnerabilities[severity] > 0) ? 1 : 0);

function say(line) {
  process.stdout.write(`${line}\n`);
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(text) {
  return String(text ?? 'no answer')
    .split('\n', 1)[0]
    .slice(0, 200);
}

const { POSTERN_TEST_BROWSER, POSTERN_TEST_ENGINE } = process.env;

/** The same whatever the engine (rules, texts, processes, connections), or of the embedded one alone: for `npm test`. */
const WITHOUT_POSTGRES = [
  '<rootDir>/libs/',
  '<rootDir>/test/(deployment|documentation|embedded-engine|soak)/',
  '<rootDir>/test/attackers/(connections|every-answer)',
  '<rootDir>/test/cli/(clients-file|printable|wrong-lines)',
  '<rootDir>/test/faults/process',
  '<rootDir>/test/server/(console|cors|failed-start|openapi|shutdown)',
];
/** For `npm run test:browser`. */
const WITH_CHROMIUM = ['<rootDir>/test/browser/'];

/**
 * Jest runs what `tsc` compiled, so that tests and production share one compiler, the
 * Swagger plugin included; there is nothing left to transform (docs/decisions/0003).
 */
export default {
  rootDir: 'dist',
  testEnvironment: '<rootDir>/test/support/loaded-once.js',
  testMatch: ['<rootDir>/{test,libs}/**/*.spec.js'],
  testPathIgnorePatterns: [
    ...(POSTERN_TEST_ENGINE === 'postgres' ? WITHOUT_POSTGRES : []),
    ...(POSTERN_TEST_BROWSER ? [] : WITH_CHROMIUM),
  ],
  transform: {},
  // One more than there are cores in CI: some wait for what is slow on purpose.
  maxWorkers: 3,
  testTimeout: 60_000,
  setupFiles: ['<rootDir>/test/support/fast-check.js'],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  reporters: ['default', '<rootDir>/test/conformance/conformance-reporter.js'],
};

/**
 * Jest runs what `tsc` compiled, so that tests and production share one compiler, the
 * Swagger plugin included; there is nothing left to transform (docs/decisions/0003).
 */
export default {
  rootDir: 'dist',
  testEnvironment: '<rootDir>/test/support/loaded-once.js',
  testMatch: ['<rootDir>/{test,libs}/**/*.spec.js'],
  // Those need Chromium: `npm run test:browser`.
  testPathIgnorePatterns: process.env.POSTERN_TEST_BROWSER ? [] : ['<rootDir>/test/browser/'],
  transform: {},
  maxWorkers: 2,
  testTimeout: 60_000,
  setupFiles: ['<rootDir>/test/support/fast-check.js'],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  reporters: ['default', '<rootDir>/test/conformance/conformance-reporter.js'],
};

/** The boundaries that docs/decisions/0001 draws, checked by a machine. */
const lower =
  '^libs/(configuration|http-api|database|access-control|audit-log|retention|sealing|usage|observability)/';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle hides which side owns a rule.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-deep-imports',
      comment: "A lib's index.ts is its only public face.",
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index\\.ts$'] },
    },
    {
      name: 'no-deep-imports-from-outside',
      comment: 'Apps and tests enter a lib through its index.ts too.',
      severity: 'error',
      from: { pathNot: '^libs/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/index\\.ts$' },
    },
    {
      name: 'libs-know-no-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'oauth-protocol-is-pure',
      comment: "The RFCs' vocabulary needs nothing of ours, no Nest and no database.",
      severity: 'error',
      from: { path: '^libs/oauth-protocol/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: ['^(apps|libs|test)/', '@nestjs', 'typeorm', 'node_modules/pg/'],
        pathNot: '^libs/oauth-protocol/',
      },
    },
    {
      name: 'lower-libs-know-no-feature',
      comment: 'They serve every feature and know none.',
      severity: 'error',
      from: { path: lower },
      to: { path: '^libs/', pathNot: [lower, '^libs/oauth-protocol/'] },
    },
    {
      name: 'read-only-resources-know-lower-libs-only',
      severity: 'error',
      from: { path: '^libs/read-only-resources/' },
      to: { path: '^libs/', pathNot: [lower, '^libs/(oauth-protocol|read-only-resources)/'] },
    },
    {
      name: 'features-meet-in-apps',
      comment: 'Where a feature needs another it declares a port, and apps/ binds it.',
      severity: 'error',
      from: { path: '^libs/(customers|operators|clients|tokens|authorization-codes|inventory)/' },
      to: {
        path: '^libs/(customers|operators|clients|tokens|authorization-codes|inventory|read-only-resources|vendor-contracts)/',
        pathNot: '^libs/$1/',
      },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      // The console is bundled: what it is made of is needed to build it, and not to run it.
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^apps/console/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|dist-console|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};

import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { TestEnvironment } from 'jest-environment-node';
import { startServer } from '../../apps/server/server.js';
import { Configuration } from '#configuration';
import { resources } from '#read-only-resources';
import { engine } from './engine.js';

const postern = { startServer, Configuration, resources, NestFactory };

declare global {
  var posternLoadedOnce: typeof postern;
}

/** Not among the types of Node.js 20. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

/** V8 compiles the embedded engine once for all that a process opens, as long as somebody holds it. */
let embeddedEngine: Promise<object> | undefined;

/**
 * Where Jest runs a test file. Each has its own modules, so each would load the server's thousands
 * anew, which takes longer than most of their tests: this hands them the server as Node.js has
 * loaded it, once for all files of a worker (docs/decisions/0003).
 */
export default class PosternEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.posternLoadedOnce = postern;
    if (engine === 'embedded') await (embeddedEngine ??= compileEngine());
  }
}

async function compileEngine(): Promise<object> {
  const wasm = new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'));
  return WebAssembly.compile(await readFile(wasm));
}

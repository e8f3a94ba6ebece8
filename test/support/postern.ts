/** The server under test, and what it is created by. Specs take it from here: imported by themselves it is loaded once per file. */
export const { startServer, Configuration, resources, NestFactory } = globalThis.posternLoadedOnce;

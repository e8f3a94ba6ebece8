/** The server under test. Specs take it from here: imported by themselves it is loaded once per file. */
export const { startServer, Configuration, resources } = globalThis.posternLoadedOnce;

import fc from 'fast-check';

/**
 * The same examples in every run, so that a red run is the fault of its change. FAST_CHECK_SEED
 * tries others, e.g. `FAST_CHECK_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 1) });

/** The value of NODE_OPTIONS with which a process loads Pulumi's SDK in half the time. */
export const lazyLoading = `--require "${require.resolve("./preload.cjs")}"`;

/** The names that a test program finds around it, besides the language's own and the functions under test. */
export const testNames = ['assert', 'console', 'process', 'require', 'module', 'exports'] as const;

/** What Node gives to programs, and so to tests: see frame/node/given.ts and frame/node/globals.ts. */
export const nodeNames = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'structuredClone', 'performance', 'global', '__filename', '__dirname'],
] as const;

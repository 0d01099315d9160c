/**
 * `npm start`: from a fresh clone to a running page with Node and npm only. Installs what is missing, builds the
 * page when its sources are newer than the last build, and serves it.
 */
import { spawn } from 'node:child_process';
import { installPackages, requireNode, root, run } from './install.mjs';

requireNode();
if (!installPackages()) {
  console.error('The packages could not be installed: see the messages of npm above.');
  process.exit(1);
}
const tsx = ['--import', 'tsx'];
if (!run(process.execPath, [...tsx, 'scripts/build.ts', '--if-stale'])) {
  console.error('The page could not be built: see the messages above.');
  process.exit(1);
}
const server = spawn(
  process.execPath,
  [...tsx, 'scripts/headless/serve.ts', 'dist', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
server.on('exit', (code) => process.exit(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));

/**
 * `npm test`: everything, on a fresh clone, in one command. Installs what is missing, runs every stage with its
 * output streamed, goes on after a failure, and ends with the plain line "N passed, N failed" over all stages.
 *
 *   npm test                    every stage
 *   npm test -- types unit      only these
 *
 * A stage that runs no test has failed, and so has a skipped test: a missing browser or adapter must not look like
 * success. Imports nothing outside Node, because on a fresh clone there is nothing else.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, requireNode, run } from './install.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'filtrate-test-'));
const node = process.execPath;
const tool = (path, ...args) => run(node, [`node_modules/${path}`, ...args]);

/** One check: it passes or it fails. */
const check = (run) => () => (run() ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** Counts of a test runner that wrote a report; what it did not report but failed at counts as one failure. */
function counted(succeeded, report, read) {
  let counts = { passed: 0, failed: 0 };
  try {
    counts = read(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    console.error(`No report at ${report}: ${error.message}`);
  }
  if (counts.passed + counts.failed === 0) console.error('No test ran.');
  if (counts.failed === 0 && (!succeeded || counts.passed === 0)) counts.failed = 1;
  return counts;
}

function vitest(project) {
  const report = join(scratch, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const succeeded = tool('vitest/vitest.mjs', 'run', '--project', project, ...reporters);
  return counted(succeeded, report, (json) => {
    // A file that could not be loaded has no tests in it to fail.
    const broken = json.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    const skipped = json.numPendingTests + (json.numTodoTests ?? 0);
    return { passed: json.numPassedTests, failed: json.numFailedTests + broken.length + skipped };
  });
}

function playwright() {
  const report = join(scratch, 'journeys.json');
  const succeeded = run(node, ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return counted(succeeded, report, ({ stats }) => {
    if (stats.flaky > 0) console.log(`${stats.flaky} of the journeys passed only at their second try.`);
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped };
  });
}

/** A stage that needs another runs after it, even when it alone was asked for. */
const stages = {
  browsers: {
    title: 'Chromium and Firefox',
    run: check(() => tool('tsx/dist/cli.mjs', 'scripts/headless/browsers.ts')),
  },
  kernels: { title: 'Compile the kernels', run: check(() => run(node, ['scripts/buildKernels.mjs'])) },
  types: {
    title: 'Types',
    needs: 'kernels',
    run: check(() => tool('typescript/bin/tsc', '--noEmit', '-p', '.')),
  },
  lint: {
    title: 'Format and lint',
    run: check(() => tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')),
  },
  imports: { title: 'Import rules', run: check(() => tool('tsx/dist/cli.mjs', 'scripts/checks/imports.ts')) },
  unit: { title: 'Unit and property tests', needs: 'kernels', run: () => vitest('unit') },
  browser: { title: 'Browser tests', needs: 'kernels', run: () => vitest('browser') },
  build: {
    title: 'Build and its budget',
    run: check(() => run(node, ['node_modules/tsx/dist/cli.mjs', 'scripts/build.ts'])),
  },
  journeys: { title: 'Journeys through the built page', run: playwright },
};

requireNode();
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}: the stages are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}

const isWanted = (name) =>
  chosen.length === 0 || chosen.includes(name) || chosen.some((other) => stages[other].needs === name);

const results = [];
if (!installPackages()) {
  results.push({ title: 'Install the packages', passed: 0, failed: 1, seconds: 0 });
} else {
  for (const [name, { title, run }] of Object.entries(stages)) {
    if (!isWanted(name)) continue;
    console.log(`\n── ${title} ──`);
    const start = performance.now();
    const counts = run();
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `── ${title}: ${counts.passed} passed, ${counts.failed} failed in ${seconds.toFixed(0)} s ──`,
    );
    results.push({ title, ...counts, seconds });
  }
}
rmSync(scratch, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log('');
for (const { title, passed, failed, seconds } of results) {
  console.log(
    `${title.padEnd(34)}${String(passed).padStart(6)} passed${String(failed).padStart(6)} failed  ${seconds.toFixed(0).padStart(4)} s`,
  );
}
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;

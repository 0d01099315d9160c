/**
 * Where the test browsers are. Nothing here downloads a browser of its own: a system Chromium and a system
 * Firefox are what people have, and what continuous integration can install from its distribution.
 *
 * Run as a script, it installs what is missing and prints what it found.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

interface Browser {
  name: string;
  /** Environment variable that overrides the search. */
  variable: string;
  /** Debian's package. */
  package: string;
  paths: readonly string[];
}

export const browsers = {
  chromium: {
    name: 'Chromium',
    variable: 'CHROMIUM',
    package: 'chromium',
    paths: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome-stable',
      '/usr/bin/google-chrome',
      '/snap/bin/chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
  },
  firefox: {
    name: 'Firefox',
    variable: 'FIREFOX',
    package: 'firefox-esr',
    paths: [
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/snap/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
  },
} as const satisfies Record<string, Browser>;

export type BrowserName = keyof typeof browsers;

/** Which WebGPU adapter headless Chromium offers: its software one, which needs no GPU, or the machine's own. */
export type Adapter = 'software' | 'own';

/** Flags under which headless Chromium offers WebGPU. */
export const webgpuFlags: Record<Adapter, readonly string[]> = {
  software: [
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    // A queue of work on the software adapter may outlast the watchdog, which would kill the GPU process.
    '--disable-gpu-watchdog',
  ],
  own: ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'],
};

/** Flags for every headless run: no sandbox (containers run as root) and no calls home. */
export const quietFlags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const;

/** Thrown when a browser is neither there nor installable; the message says what to do. */
class BrowserMissingError extends Error {
  override name = 'BrowserMissingError';
}

/** Path of an installed browser, or undefined. An override that points nowhere is an error, never ignored. */
export function locateBrowser(which: BrowserName): string | undefined {
  const browser = browsers[which];
  const override = process.env[browser.variable];
  if (override) {
    if (existsSync(override)) return override;
    throw new BrowserMissingError(`${browser.variable}=${override} does not exist.`);
  }
  return browser.paths.find((path) => existsSync(path));
}

/** Path of the browser, installed from Debian's packages when it is missing and we may. */
function findBrowser(which: BrowserName): string {
  const found = locateBrowser(which);
  if (found) return found;
  const browser = browsers[which];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`${browser.name} is missing: installing the package ${browser.package} …`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      execFileSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    apt('update');
    apt('install', '-y', '--no-install-recommends', browser.package);
    const installed = locateBrowser(which);
    if (installed) return installed;
  }
  throw new BrowserMissingError(
    `${browser.name} was not found. Install it (Debian, Ubuntu: apt-get install ${browser.package}) ` +
      `or say where it is: ${browser.variable}=/path/to/${which} npm test`,
  );
}

export const findChromium = (): string => findBrowser('chromium');
export const findFirefox = (): string => findBrowser('firefox');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    for (const which of Object.keys(browsers) as BrowserName[]) {
      console.log(`${browsers[which].name}: ${findBrowser(which)}`);
    }
  } catch (error) {
    console.error(error instanceof BrowserMissingError ? error.message : error);
    process.exitCode = 1;
  }
}

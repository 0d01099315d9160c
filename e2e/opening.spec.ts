/** Where the page cannot open, it says what is missing, instead of opening for ever. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';

const words = (page: Page) => page.locator('#root > .before');

let course: Server;
let address = '';
test.beforeAll(async () => {
  course = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>Course</title><iframe sandbox="allow-scripts" src="${address}"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => course.listen(0, '127.0.0.1', resolve));
});
test.afterAll(() => course.close());

/** The words of the page in a sandboxed frame of a course page. */
async function sandboxed(page: Page, baseURL: string) {
  address = baseURL;
  await page.goto(`http://127.0.0.1:${(course.address() as AddressInfo).port}/`);
  return page.frameLocator('iframe').locator('#root > .before');
}

test('in a sandboxed frame without an origin', async ({ page, baseURL }) => {
  const said = await sandboxed(page, baseURL!);
  await expect(said).toContainText('allow-same-origin');
  await expect(said).toHaveRole('alert');
});

test('there, too, where the server hands its files to everybody', async ({ page, baseURL }) => {
  await page.route('**/assets/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
  });
  const said = await sandboxed(page, baseURL!);
  // The modules have run when the page has loaded, and leave the words alone.
  await page.waitForLoadState('load');
  await expect(said).toContainText('allow-same-origin');
});

test('as a file', async ({ page }) => {
  await page.goto(pathToFileURL('dist/index.html').href);
  await expect(words(page)).toContainText('npm start');
});

test('without a file that the page is made of', async ({ page }) => {
  await page.route('**/assets/index-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto('./');
  await expect(words(page)).toContainText(/index-.*\.js did not load/);
});

test('without one that another file asks for', async ({ page }) => {
  await page.route('**/assets/useLab-*.js', (route) => route.abort());
  await page.goto('./');
  await expect(words(page)).toContainText(/index-.*\.js did not load/);
});

test('in a browser without module workers', async ({ page }) => {
  await page.addInitScript(() => {
    const Native = Worker;
    // As older browsers do: they read the address and no options.
    window.Worker = class extends Native {
      constructor(url: string | URL) {
        super(url);
      }
    } as typeof Worker;
  });
  await page.goto('./');
  await expect(words(page)).toContainText('module workers');
});

test('when it fails on its way', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'BroadcastChannel', {
      value: class {
        constructor() {
          throw new Error('no channels here');
        }
      },
    });
  });
  await page.goto('./');
  await expect(words(page)).toContainText('Filtrate cannot open: Uncaught Error: no channels here');
});

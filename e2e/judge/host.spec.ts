/** Attacks on what surrounds the programs: the frame, the page's ears, the life of the sandbox, the canaries. */
import { expect, type Frame, type Page, test } from '@playwright/test';
import { judgeOf } from './ask.ts';
import { honestSum, sum, wrongSum } from './attacks/attack.ts';
import { type Listeners, listen } from './listeners.ts';

let page: Page;
let ears: Listeners;
let salt = 0;

test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage({ baseURL });
  ears = await listen();
  await page.goto('./');
  await page.evaluate(() => window.filtrate.ready());
});
test.beforeEach(() => expectHonest());
test.afterAll(async () => {
  ears.close();
  await page.close();
});

/** Judges a right and a wrong program that the judge has not seen before. */
async function expectHonest(): Promise<void> {
  const fresh = `/* ${++salt} */`;
  const verdicts = await judgeOf(page)(sum, [honestSum + fresh, wrongSum + fresh], {});
  expect(verdicts.map(({ score }) => score)).toEqual([1, 0]);
}

function sandboxOf(page: Page): Frame {
  const frame = page.frames().find((frame) => frame !== page.mainFrame());
  expect(frame, 'the sandbox').toBeDefined();
  return frame!;
}

test('the frame has an origin of its own and may load nothing', async () => {
  const element = page.locator('iframe').first();
  await expect(element).toHaveAttribute('sandbox', 'allow-scripts');
  const seen = await sandboxOf(page).evaluate(() => {
    const refused = (attempt: () => unknown): boolean => {
      try {
        return attempt() === null;
      } catch {
        return true;
      }
    };
    return {
      origin: self.origin,
      parent: refused(() => parent.document),
      storage: refused(() => localStorage),
      cookie: refused(() => document.cookie),
      popup: refused(() => window.open('about:blank')),
    };
  });
  expect(seen).toEqual({ origin: 'null', parent: true, storage: true, cookie: true, popup: true });
});

// Programs never run in the frame's own thread. These show that even there nothing gets out.
const waysOut: Record<string, (address: string) => void> = {
  'location =': (address) => {
    location.href = address;
  },
  'location.replace': (address) => location.replace(address),
  'a refresh': (address) => {
    document.head.innerHTML = `<meta http-equiv="refresh" content="0;url=${address}">`;
  },
  'a link': (address) => {
    document.body.innerHTML = `<a href="${address}">x</a>`;
    document.querySelector('a')?.click();
  },
  'a form': (address) => {
    document.body.innerHTML = `<form action="${address}"></form>`;
    document.querySelector('form')?.submit();
  },
  'a frame within': (address) => {
    document.body.innerHTML = `<iframe src="${address}"></iframe>`;
  },
  'an image, a style sheet, a prefetch': (address) => {
    document.body.innerHTML = `<img src="${address}"><link rel="stylesheet" href="${address}"><link rel="prefetch" href="${address}">`;
  },
  fetch: (address) => {
    fetch(address, { mode: 'no-cors' }).catch(() => {});
    navigator.sendBeacon(address, 'x');
  },
  'the page above': (address) => {
    try {
      top!.location.href = address;
    } catch {
      // Refused.
    }
  },
};
test('the frame cannot get out, nor move, even by its own thread', async () => {
  for (const [name, way] of Object.entries(waysOut)) {
    await sandboxOf(page)
      .evaluate(way, ears.aim('__HTTP__/leak'))
      // Chromium may replace the document by an error page in mid-call.
      .catch(() => {});
    await page.waitForTimeout(400);
    expect(ears.heard, name).toEqual([]);
    expect(new URL(page.url()).pathname, name).toContain('/filtrate/');
    await expectHonest();
  }
});

test('messages from other windows are not for the judge', async () => {
  const forged = [
    { type: 'ready' },
    { type: 'spawned', sandbox: 1 },
    { type: 'reports', nonce: 0, from: 0, reports: ['3'] },
    { type: 'verdicts', request: 1, verdicts: [{ status: 'ok', score: 1 }] },
  ];
  await sandboxOf(page).evaluate((forged) => {
    for (const message of forged) parent.postMessage(message, '*');
  }, forged);
  await page.evaluate((forged) => {
    for (const message of forged) window.postMessage(message, '*');
    for (const frame of document.querySelectorAll('iframe'))
      for (const message of forged) frame.contentWindow?.postMessage(message, '*');
  }, forged);
  await expectHonest();
});

test('a frame that silently goes away is replaced', async () => {
  await page.evaluate(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });
  await expectHonest();
});

test('a program that takes all the memory takes only its sandbox', async () => {
  const hoard = 'const a=[];for(;;)a.push(new Array(1e6).fill(a.length))';
  const verdicts = await judgeOf(page)(
    sum,
    [honestSum, `${hoard};function f(){return 0}`, `function f(){${hoard}}`, `${honestSum} `],
    {},
  );
  expect(verdicts.map(({ score }) => score)).toEqual([1, 0, 0, 1]);
  expect(verdicts.map(({ status }) => status)).toEqual(['ok', expect.any(String), expect.any(String), 'ok']);
  await expectHonest();
});

test('the page answers while programs loop in the engine itself', async () => {
  const stall = (i: number): string => `function f(){return /^(a+)+$/.test("a".repeat(50)+"b${i}")}`;
  const result = await page.evaluate(
    async ([task, programs]) => {
      let beats = 0;
      const beat = setInterval(() => beats++, 10);
      const verdicts = await window.filtrate.judge(task, programs);
      clearInterval(beat);
      return { verdicts, beats };
    },
    [sum, [stall(1), honestSum, stall(2), `${honestSum}//`]] as const,
  );
  expect(result.verdicts.map(({ status, score }) => [status, score])).toEqual([
    ['timeout', 0],
    ['ok', 1],
    ['timeout', 0],
    ['ok', 1],
  ]);
  expect(result.beats).toBeGreaterThan(20);
});

// Last: no program can do this, and a frame's process that hangs is never given back to the page.
test('a frame whose own thread hangs does not matter', async () => {
  // Not awaited: it never ends.
  void sandboxOf(page)
    .evaluate(() => {
      for (;;);
    })
    .catch(() => {});
  await expectHonest();
});

/** The loop on WebGPU, on the software adapter. Where there is no adapter this fails: it must not look like success. */
import { expect, hero, iteration, press, quick, reach, test } from './support/journey.ts';

test('an iteration on WebGPU', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto(`${quick(['bw'], { prompts: 2, responses: 3, iterations: 2 })}&engine=webgpu`);
  const adapter = await page.evaluate(
    async () => (await navigator.gpu?.requestAdapter())?.info.vendor ?? null,
  );
  expect(adapter, 'a WebGPU adapter').not.toBeNull();
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await expect(page.getByText('WebGPU').first()).toBeVisible({ timeout: 120_000 });
  await reach(page, 2);
  await expect(hero(page)).toContainText('Finished', { timeout: 120_000 });
  await page.getByRole('button', { name: /^Engine: WebGPU/ }).click();
  const cost = page.getByText(/BW, iteration 2: .* dispatches and \d+ readbacks/);
  await expect(cost).toBeVisible();
  expect(Number(/(\d+) readbacks/.exec(await cost.innerText())![1])).toBeLessThanOrEqual(4);
});

test('a GPU process that crashes in mid-run costs the iterations since the last snapshot, not the run', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  await page.goto(`${quick(['bw'], { prompts: 2, responses: 3, iterations: 9 })}&engine=webgpu`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  // A software adapter takes its time over sixty shaders.
  await expect(hero(page)).toContainText('Live', { timeout: 200_000 });
  await expect.poll(() => iteration(page), { timeout: 200_000 }).toBeGreaterThanOrEqual(5);
  const session = await browser.newBrowserCDPSession();
  // The process dies before it can answer.
  await session.send('Browser.crashGpuProcess').catch(() => {});
  await expect(page.getByText(/GPU device was lost/).first()).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => iteration(page), { timeout: 200_000 }).toBe(9);
  await expect(page.getByText('WebGPU').first()).toBeVisible();
  await expect(hero(page)).toContainText('Finished', { timeout: 120_000 });
});

/** The loop, live, on the CPU: models that train and programs that run in this very page. */
import {
  expect,
  hero,
  iteration,
  open,
  press,
  quick,
  reach,
  onePage as test,
  transport,
} from './support/journey.ts';

test('play computes the curves here, on the CPU, and says so', async ({ page }) => {
  await open(page, quick(['ppo-m', 'bw'], { iterations: 4, evaluateEvery: 2 }));
  await expect(hero(page)).toContainText('Ready');
  await transport(page).getByRole('button', { name: 'Play', exact: true }).click();
  await reach(page, 2);
  await expect(page.getByText(/SIMD/).first()).toBeVisible();
  await expect(hero(page)).toContainText(
    /Finished.*PPO-M from \d+\s% to \d+\s% and BW from \d+\s% to \d+\s%/s,
    {
      timeout: 90_000,
    },
  );
  expect(await iteration(page)).toBe(4);
});

test('the keyboard plays, pauses, steps and resets', async ({ page }) => {
  await open(page, quick(['bw']));
  await expect(hero(page)).toContainText('Ready');

  await press(page, 'ArrowRight');
  await expect(hero(page)).toContainText('Paused', { timeout: 60_000 });
  await expect.poll(() => iteration(page)).toBe(1);

  const here = page.locator('[aria-current="step"]');
  await press(page, '.');
  await expect(here).toContainText('Sample');
  await press(page, '.');
  await expect(here).toContainText('Score');

  await press(page, 'Space');
  await reach(page, 3);
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Paused');
  // What was on its way when the key was pressed still arrives; after that nothing moves.
  await page.waitForTimeout(500);
  const stopped = await iteration(page);
  await page.waitForTimeout(1500);
  expect(await iteration(page)).toBe(stopped);

  await press(page, 'r');
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Control+z');
  await expect.poll(() => iteration(page)).toBeGreaterThanOrEqual(stopped);
});

test('arms are added, removed and brought back', async ({ page }) => {
  await open(page, quick(['bw']));
  const arms = page.getByRole('region', { name: 'Arms' });
  await expect(arms.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Add an arm' }).click();
  await page.getByRole('menuitem', { name: /^BoN Learn/ }).click();
  await expect(arms.getByRole('listitem')).toHaveCount(2);
  await arms.getByRole('button', { name: 'Remove BoN' }).click();
  await expect(arms.getByRole('listitem')).toHaveCount(1);
  await press(page, 'Control+z');
  await expect(arms.getByRole('listitem')).toHaveCount(2);
  await expect(page).toHaveURL(/arms=bw,bon/);
});

test('a chosen response shows its program, its tests and its tokens', async ({ page }) => {
  await open(page, quick(['bw']));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'ArrowRight');
  await expect(hero(page)).toContainText('Paused', { timeout: 60_000 });
  const strips = page.getByRole('list', { name: /Responses in order of reward/ });
  await expect(strips.getByRole('listitem')).toHaveCount(6);
  await strips.getByRole('button').first().click();
  const inspector = page.getByRole('region', { name: 'One program' });
  await expect(inspector).toContainText('rank 1 of 4');
  await expect(inspector).toContainText('true score');
  await expect(inspector.locator('.monaco-editor')).toContainText('function');
  await expect(inspector.getByRole('table')).toContainText('must return');
});

test('a setting out of range is refused by name, and what runs goes on', async ({ page }) => {
  await open(page, quick(['bw'], { iterations: 1000 }));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 1);
  // A station card is the way to the choices of its station.
  const card = page.locator('[data-part="station-score"]');
  await card.getByRole('button').click();
  await expect(page.getByRole('tab', { name: 'Score' })).toHaveAttribute('aria-selected', 'true');
  const reward = page.getByRole('region', { name: 'Reward', exact: true });
  await expect(reward).toContainText('arXiv 2409.06957');
  const beta = page.getByRole('textbox', { name: 'KL cost (beta), as a number' });
  await beta.fill('99');
  await expect(page.getByRole('alert').filter({ hasText: 'KL cost' })).toContainText(
    'KL cost (beta) must be a number from 0 to 5. 0.2 stays.',
  );
  await beta.press('Enter');
  await reach(page, (await iteration(page)) + 1);
  await beta.press('Escape');
  await beta.fill('0.5');
  await beta.press('Enter');
  // A curve never mixes two settings: the arm starts again, and says so.
  await expect(page.getByText(/starts again, because KL cost/)).toBeVisible();
  await expect(page).toHaveURL(/1\.beta=0\.5/);
  await expect(page.getByRole('combobox', { name: 'Reward model' })).toBeVisible();
  await reward.getByRole('button', { name: /^Choose \(/ }).press('Enter');
  await reward.getByRole('radio', { name: /^The tests/ }).press('Space');
  await expect(page).toHaveURL(/1\.reward=oracle/);
  await expect(card).toContainText('The tests');
  // A knob of no chosen method is not there.
  await expect(page.getByRole('combobox', { name: 'Reward model' })).toHaveCount(0);
});

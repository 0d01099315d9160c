/** Problems from elsewhere, by hand: a file is opened, its problems are checked, a program is typed and run. */
import { faults } from './support/access.ts';
import { expect, open, onePage as test } from './support/journey.ts';

const pack = {
  format: 'filtrate-pack/1',
  name: 'two problems',
  licence: 'CC0',
  problems: [
    {
      id: 'sum',
      title: 'Sum',
      prompt: '// Adds two numbers.',
      entry: 'add',
      tests: [
        { args: [1, 2], expect: 3 },
        { args: [0, -1], expect: -1 },
      ],
      golden: 'const add = (a, b) => a + b;',
    },
    {
      id: 'broken',
      title: 'Broken',
      entry: 'add',
      tests: [{ args: [1, 2], expect: 4 }],
      golden: 'const add = (a, b) => a + b;',
    },
  ],
};

test('a problem pack is opened, checked, browsed, and a program is run on it', async ({ page }) => {
  await page.getByRole('button', { name: 'Problem packs' }).click();
  const browser = page.locator('[data-part="panel-packs"]');
  await browser.getByLabel('Choose or drop a file').setInputFiles({
    name: 'two.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(pack)),
  });
  await expect(browser.getByText('two.json: 1 checked, 0 without a solution, 1 set aside')).toBeVisible();
  await browser.getByRole('button', { name: 'Run the tests' }).click();
  await expect(browser.getByText('2 of 2 hold.')).toBeVisible();
  await browser.locator('select').first().selectOption({ index: 1 });
  await expect(browser.getByText(/Set aside\. Its own solution fails/)).toBeVisible();
  expect(await faults(page, { place: '[data-part="panel-packs"]' })).toEqual([]);
});

test('a file that is no pack says why', async ({ page }) => {
  await open(page, './#open=packs');
  await page
    .getByLabel('Choose or drop a file')
    .last()
    .setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('hello'),
    });
  await expect(page.getByText(/notes\.txt is no pack that is known here/)).toBeVisible();
});

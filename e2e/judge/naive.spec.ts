/** The naive judge beside the true one while an arm trains: the gap is what can be had without being right. */
import { expect, hero, quick, reach, test, transport } from '../support/journey.ts';

test('an arm that is asked to logs what a naive judge makes of its samples, and the chart shows it dotted', async ({
  page,
}) => {
  await page.goto(quick(['bw'], { iterations: 3, naiveJudge: 'true' }));
  await expect(hero(page)).toContainText('Ready');
  await transport(page).getByRole('button', { name: 'Play', exact: true }).click();
  await reach(page, 3);
  const rows = await page.evaluate(async () => {
    const experiment = window.filtrate.experiment({
      arms: ['bw', { method: 'bw', name: 'beside', naiveJudge: true }],
      settings: { iterations: 2, prompts: 8, responses: 4, evaluationSamples: 1 },
      seeds: 1,
    });
    experiment.start();
    await experiment.done;
    return experiment
      .records()
      .map(({ iterations }) =>
        iterations.map(({ metrics }) => ({ score: metrics.score, naive: metrics.naiveScore })),
      );
  });
  const [plain, beside] = rows;
  expect(plain.map(({ naive }) => naive)).toEqual([undefined, undefined]);
  expect(beside.map(({ score }) => score)).toEqual(plain.map(({ score }) => score));
  for (const { score, naive } of beside) {
    // The programs of the built-in world are judged loosely, and forgiven where they throw.
    expect(naive).toBeGreaterThanOrEqual(score! - 1e-6);
    expect(naive).toBeLessThan(score! + 0.3);
  }
  const figure = page.locator('[data-part="metric-score"]');
  await figure.getByRole('button', { name: 'What is Training score?' }).hover();
  await expect(page.getByText(/Dotted: Naive training score/)).toBeVisible();
});

/**
 * The formulas of the lessons, in TeX. They are turned into MathML when the page is built (see scripts/formulas.ts),
 * so the page carries neither TeX nor its fonts.
 */
export const formulas = {
  objective: String.raw`\max_\theta\; \mathbb{E}_{c}\,\mathbb{E}_{y\sim\pi_\theta(\cdot\mid c)} \bigl[\, r(y\mid c) - \beta\, D_{\mathrm{KL}}\bigl(\pi_\theta(\cdot\mid c)\,\|\,\pi^{\mathrm{SFT}}(\cdot\mid c)\bigr) \bigr]`,
  clip: String.raw`L = -\min\bigl(\rho A,\; \mathrm{clip}(\rho,\, 1-\varepsilon,\, 1+\varepsilon)\,A\bigr), \qquad \rho = \frac{\pi_\theta(y_t)}{\pi_{\mathrm{old}}(y_t)}`,
  bradleyTerry: String.raw`P(y_w \succ y_l \mid c) = \sigma\bigl(R(y_w\mid c) - R(y_l\mid c)\bigr)`,
  chance: String.raw`\mathrm{sd}(\bar s) = \sqrt{\frac{p\,(1-p)}{n}}`,
  winner: String.raw`y^\star = \arg\max_i R(y_i), \qquad R(y_i) = \text{truth}_i + \text{error}_i`,
  filtered: String.raw`y = \sum_{i=1}^{N} z_i\, y_i, \qquad z \sim \mathrm{Categorical}(w_1,\dots,w_N), \qquad R(y_1)\ge\dots\ge R(y_N)`,
  weights: String.raw`\begin{aligned} w_{\mathrm{BoN}} &= (1, 0, \dots, 0) \\ w_{\mathrm{BR}} &= \bigl(\tfrac12, \tfrac1{2(N-1)}, \dots, \tfrac1{2(N-1)}\bigr) \\ w_{\mathrm{BW}} &= \bigl(\tfrac12, 0, \dots, 0, \tfrac12\bigr) \end{aligned}`,
  rSquared: String.raw`R^2 = 1 - \frac{\sum_i (s_i - \hat s_i)^2}{\sum_i (s_i - \bar s)^2}, \qquad \hat s_i = f(R_i)`,
  range: String.raw`R^2 = \frac{b^2\,\mathrm{Var}(R)}{b^2\,\mathrm{Var}(R) + \sigma^2}`,
} as const;

export type FormulaName = keyof typeof formulas;

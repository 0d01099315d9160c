/**
 * The formulas of the lessons, in TeX. They are turned into markup when the page is built (see scripts/bundle/formulas.ts),
 * so the page carries no TeX.
 */
export const formulas = {
  objective: String.raw`\begin{aligned} \max_\theta\; \mathbb{E}_{c}\, \mathbb{E}_{y\sim\pi_\theta} \bigl[\, & r(y\mid c) \\ & - \beta\, D_{\mathrm{KL}}\bigl(\pi_\theta\,\|\,\pi^{\mathrm{SFT}}\bigr) \bigr] \end{aligned}`,
  clip: String.raw`\begin{aligned} L &= -\min\bigl(\rho A,\; \mathrm{clip}(\rho, 1-\varepsilon, 1+\varepsilon)\,A\bigr) \\ \rho &= \frac{\pi_\theta(y_t)}{\pi_{\mathrm{old}}(y_t)} \end{aligned}`,
  bradleyTerry: String.raw`P(y_w \succ y_l \mid c) = \sigma\bigl(R(y_w\mid c) - R(y_l\mid c)\bigr)`,
  genrm: String.raw`\begin{aligned} s &= \tfrac12 \bigl[ P(y \succ a \mid y \text{ first}) + P(y \succ a \mid y \text{ second}) \bigr] \\ r &= 2s - 1 \end{aligned}`,
  chance: String.raw`\mathrm{sd}(\text{mean score}) = \sqrt{\frac{p\,(1-p)}{n}}`,
  winner: String.raw`\begin{aligned} y^\star &= \arg\max_i R(y_i) \\ R(y_i) &= \text{truth}_i + \text{error}_i \end{aligned}`,
  filtered: String.raw`\begin{aligned} y &= \sum_{i=1}^{N} z_i\, y_i \\ z &\sim \mathrm{Categorical}(w_1,\dots,w_N) \\ & R(y_1)\ge\dots\ge R(y_N) \end{aligned}`,
  weights: String.raw`\begin{aligned} w_{\mathrm{BoN}} &= (1, 0, \dots, 0) \\ w_{\mathrm{BR}} &= \bigl(\tfrac12, \tfrac1{2(N-1)}, \dots, \tfrac1{2(N-1)}\bigr) \\ w_{\mathrm{BW}} &= \bigl(\tfrac12, 0, \dots, 0, \tfrac12\bigr) \end{aligned}`,
  rSquared: String.raw`R^2 = 1 - \frac{\sum_i \bigl(s_i - f(R_i)\bigr)^2}{\sum_i \bigl(s_i - \mathrm{mean}(s)\bigr)^2}`,
  guidance: String.raw`\begin{aligned} \pi(y\mid x) &\propto \pi_{\mathrm{ref}}(y\mid x)\; \mathbb{E}\bigl[e^{r/\eta}\bigr] \\ \text{Q\#:}\quad & z_y + \ln\bigl(1 + p\,(e^{1/\eta} - 1)\bigr) \\ \text{CD:}\quad & z_y + p/\eta \end{aligned}`,
  noiseMask: String.raw`\begin{aligned} \log\alpha &= 0.9\,b_\alpha + 0.1\,f_\alpha(\text{token}, \text{request}) \\ m &\sim \mathrm{Beta}(\alpha, \beta) \\ x &= m \cdot \mathrm{embedding} + \mathrm{position} \end{aligned}`,
  range: String.raw`R^2 = \frac{b^2\,\mathrm{Var}(R)}{b^2\,\mathrm{Var}(R) + \sigma^2}`,
  dpo: String.raw`\begin{aligned} L &= -\log \sigma\bigl(\beta\,(h_w - h_l)\bigr) \\ h &= \log\frac{\pi_\theta(y)}{\pi_{\mathrm{ref}}(y)} \end{aligned}`,
} as const;

export type FormulaName = keyof typeof formulas;

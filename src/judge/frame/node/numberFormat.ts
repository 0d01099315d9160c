/** `toLocaleString` and `Intl.NumberFormat` for the engine that has neither: numbers as English writes them. */
const { apply } = Reflect;
const { abs, max, min } = Math;
const { is } = Object;

export interface NumberOptions {
  style?: string;
  currency?: string;
  minimumIntegerDigits?: number;
  minimumFractionDigits?: number;
  maximumFractionDigits?: number;
  useGrouping?: boolean | string;
}

const known = new Set([
  ...['style', 'currency', 'minimumIntegerDigits', 'minimumFractionDigits', 'maximumFractionDigits'],
  'useGrouping',
]);
const symbols: Record<string, string> = {
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  INR: '₹',
  CNY: 'CN¥',
  KRW: '₩',
};
const withoutCents = new Set(['JPY', 'KRW']);

/** @throws RangeError for a language or an option whose rules are not here: better than a wrong text */
export function checkLocale(locales: unknown): void {
  const list = Array.isArray(locales) ? locales : [locales];
  for (let i = 0; i < list.length; i++)
    if (list[i] !== undefined && !/^en(?:-US)?$/.test(`${list[i]}`))
      throw new RangeError(`The language ${list[i]} is not available here.`);
}

export function formatNumber(value: number | bigint, options: NumberOptions = {}): string {
  for (const key of Object.keys(options))
    if (!known.has(key) && (options as Record<string, unknown>)[key] !== undefined)
      throw new RangeError(`The option ${key} is not available here.`);
  const { style = 'decimal', currency = '' } = options;
  const usual = style === 'currency' ? (withoutCents.has(currency) ? 0 : 2) : 0;
  const least = options.minimumFractionDigits ?? min(usual, options.maximumFractionDigits ?? usual);
  const most = options.maximumFractionDigits ?? max(least, style === 'decimal' ? 3 : usual);
  if (least > most) throw new RangeError('maximumFractionDigits value is out of range.');
  const isNegative = typeof value === 'bigint' ? value < 0n : value < 0 || is(value, -0);
  const body = written(value, style === 'percent' ? 2 : 0, least, most, options);
  const sign = isNegative ? '-' : '';
  if (style === 'percent') return `${sign}${body}%`;
  if (style !== 'currency') return sign + body;
  const space = /\d/.test(body) ? '\u00a0' : '';
  return `${sign}${symbols[currency] ?? currency + space}${body}`;
}

/** Without its sign. @param shift places that the point moves to the right */
function written(
  value: number | bigint,
  shift: number,
  least: number,
  most: number,
  { minimumIntegerDigits = 1, useGrouping = true }: NumberOptions,
): string {
  if (typeof value === 'number' && Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return '∞';
  const [digits, point] = rounded(...digitsOf(value, shift), most);
  const significant = digits.slice(0, point).replace(/^0+/, '');
  const whole = significant.padStart(max(1, minimumIntegerDigits), '0');
  let fraction = digits.slice(point);
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  fraction = fraction.padEnd(least, '0');
  const isGrouped = useGrouping !== false && useGrouping !== 'false';
  const grouped = isGrouped ? (apply(groups, whole, []) as string) : whole;
  return fraction ? `${grouped}.${fraction}` : grouped;
}

function groups(this: string): string {
  return this.replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Its digits, and how many of them stand before the point; there are never fewer than that. */
function digitsOf(value: number | bigint, shift: number): [digits: string, point: number] {
  const text = typeof value === 'bigint' ? `${value}`.replace('-', '') : `${abs(value)}`;
  const [mantissa, exponent = '0'] = text.split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  let digits = whole + fraction;
  let point = whole.length + Number(exponent) + shift;
  if (point < 0) {
    digits = '0'.repeat(-point) + digits;
    point = 0;
  }
  return [digits.padEnd(point, '0'), point];
}

/** Half is rounded up, as it is written. */
function rounded(digits: string, point: number, most: number): [digits: string, point: number] {
  const kept = point + most;
  if (digits.length <= kept) return [digits, point];
  const rest = digits.slice(0, kept);
  if (digits[kept] < '5') return [rest, point];
  const up = `${BigInt(rest || '0') + 1n}`.padStart(rest.length, '0');
  return [up, point + up.length - rest.length];
}

/**
 * Decimal commas in CSV, as spreadsheets of many countries write them. Whether 1,234 is a little over one or a thousand
 * is a property of the file: one 0,5 in it tells, and without one nobody can.
 */
import { ImportError } from '../importError.ts';
import { classOf } from '../judging/names.ts';
import type { Fields } from '../values.ts';

const withComma = /^[+-]?(\d*|\d{1,3}(\.\d{3})+),\d+(e[+-]?\d+)?$/i;
/** Three digits after the comma and no zero before it: a fraction or a thousand. */
const either = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
const thousandPoints = /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/;
const texts = /prompt|input|question|quer|instruction|response|completion|output|text/i;

/**
 * The columns whose numbers have decimal commas.
 * @throws ImportError when the commas of a column may separate thousands as well
 */
export function decimalCommas(file: string, columns: readonly string[], rows: readonly Fields[]): string[] {
  const found = columns.flatMap((name) => {
    if (texts.test(name) || classOf(name) === 'answer') return [];
    const values = rows.map((row) => String(row[name] ?? '').trim()).filter((value) => value !== '');
    const commas = values.filter((value) => withComma.test(value) || either.test(value));
    const numbers = commas.length + values.filter((value) => Number.isFinite(Number(value))).length;
    return commas.length > 0 && 2 * numbers > values.length ? [{ name, commas }] : [];
  });
  const isSure = found.some(({ commas }) => commas.some((value) => !either.test(value)));
  if (found.length > 0 && !isSure) {
    const [{ name, commas }] = found;
    throw new ImportError(
      'shape',
      `In ${file}, column ${name}, ${commas[0]} is either ${commas[0].replace(',', '.')} or ${commas[0].replaceAll(',', '')}. Write numbers with a point for the decimals and nothing between thousands.`,
    );
  }
  return found.map(({ name }) => name);
}

/** The fields of a row with points in the place of decimal commas. */
export function withPoints(fields: Fields, columns: readonly string[]): Fields {
  for (const name of columns) {
    const value = fields[name];
    if (typeof value === 'string') fields[name] = pointed(value.trim());
  }
  return fields;
}

function pointed(text: string): string {
  // Among decimal commas, points separate thousands, unless another hand wrote the row: nobody can tell.
  if (thousandPoints.test(text)) return `${text}, with a point among decimal commas`;
  return withComma.test(text) ? text.replaceAll('.', '').replace(',', '.') : text;
}

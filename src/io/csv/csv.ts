/** Comma-, semicolon- or tab-separated records (RFC 4180), one record at a time. */
import type { Fields } from '../values.ts';

/** Fields of one record. A quote inside a quoted field is doubled; anything after a closing quote is kept as text. */
export function parseCsv(record: string, separator: string): string[] {
  const fields: string[] = [];
  let field = '';
  let inQuotes = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i];
    if (inQuotes) {
      if (char !== '"') field += char;
      else if (record[i + 1] === '"') field += record[i++];
      else inQuotes = false;
    } else if (char === '"') inQuotes = true;
    else if (char === separator) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  fields.push(field);
  return fields;
}

/** The separator of a header line: the one that cuts it into most fields. */
export function guessSeparator(header: string): string {
  const counts = [',', '\t', ';'].map((separator) => ({
    separator,
    fields: parseCsv(header, separator).length,
  }));
  return counts.reduce((best, one) => (one.fields > best.fields ? one : best)).separator;
}

/** Names of the columns, each once: a second `reward` is `reward (2)`, a column without a name is called by its place. */
export function columnNames(record: string, separator: string): string[] {
  const taken = new Set<string>();
  return parseCsv(record, separator).map((field, i) => {
    const name = field.trim() || `column ${i + 1}`;
    let unique = name;
    for (let times = 2; taken.has(unique); times++) unique = `${name} (${times})`;
    taken.add(unique);
    return unique;
  });
}

/** A record with the names of its header. */
export function csvFields(header: readonly string[], values: readonly string[]): Fields {
  return Object.fromEntries(header.map((name, i) => [name, values[i]]));
}

/** One field, quoted when it must be. */
export function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Finds out what kind of problem pack a text is, and reads it. */
import { recordFormats } from './formats.ts';
import { type Fields, type Pack, PackError, type PackProblem } from './pack.ts';

/**
 * @param text JSON lines, a JSON array, or our own JSON object
 * @param name of the file, for people
 * @throws PackError when no record can be read as a problem
 */
export function parsePack(text: string, name: string): Pack {
  const records = recordsOf(text);
  const format = recordFormats.find(({ fits }) => records.some(({ record }) => record && fits(record)));
  if (!format) {
    throw new PackError(
      `${name} is no pack that is known here: no record has the fields of MultiPL-E, HumanEval-X, MBXP or filtrate-pack/1.`,
    );
  }
  const problems: PackProblem[] = [];
  const dropped: Pack['dropped'] = [];
  const seen = new Set<string>();
  for (const { record, where, reason } of records) {
    try {
      if (!record) throw new PackError(reason ?? 'it is no object');
      if (!format.fits(record)) throw new PackError(`it has not the fields of ${format.format}`);
      const problem = format.read(record);
      if (seen.has(problem.id)) throw new PackError(`another problem has the id ${problem.id}`);
      seen.add(problem.id);
      problems.push(problem);
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      dropped.push({ where, reason: error.message });
    }
  }
  if (problems.length === 0)
    throw new PackError(
      `${name} holds no problem that can be used. ${dropped[0].where}: ${dropped[0].reason}.`,
    );
  return { name, format: format.format, problems, dropped };
}

interface Found {
  record: Fields | null;
  where: string;
  reason?: string;
}

function recordsOf(text: string): Found[] {
  const whole = parse(text);
  const list = Array.isArray(whole) ? whole : isFields(whole) ? whole.problems : undefined;
  if (Array.isArray(list)) {
    const inherited = isFields(whole) ? { licence: whole.licence, source: whole.name } : {};
    return list.map((item, i) => ({
      record: isFields(item) ? { ...inherited, ...item } : null,
      where: `problem ${i + 1}`,
    }));
  }
  return text.split(/\r?\n/).flatMap((line, i): Found[] => {
    if (line.trim() === '') return [];
    const record = parse(line);
    return [
      isFields(record)
        ? { record, where: `line ${i + 1}` }
        : { record: null, where: `line ${i + 1}`, reason: 'it is not a JSON object' },
    ];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { expect, test } from 'vitest';
import { csv } from './csvFile.ts';

test('CSV quotes what needs it and leaves unknown cells empty', () => {
  expect(
    csv(
      ['a', 'b, c'],
      [
        [1, null],
        ['say "x"', 'two\nlines'],
      ],
    ),
  ).toBe('a,"b, c"\r\n1,\r\n"say ""x""","two\nlines"\r\n');
});

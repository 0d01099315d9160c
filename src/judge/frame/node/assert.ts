/** `require('assert')` for programs that carry tests of their own: a failure is an exception, as in Node. */
import { type Assert, makeAssert } from '../../check/assert/assertions.ts';

export const assert: Assert = makeAssert({ held: () => {}, isPassing: () => false });

export const assertStrict = assert.strict as Assert;

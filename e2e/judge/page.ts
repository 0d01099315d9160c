/** The judge without the laboratory, for the tests that attack it. */
import { type Judge, startJudge } from '../../src/judge/service.ts';

declare global {
  interface Window {
    judging: { judge: Judge; alarms: string[]; start(): Judge };
  }
}

const alarms: string[] = [];
const start = (): Judge => startJudge({ onAlarm: (message) => alarms.push(message) });
window.judging = { judge: start(), alarms, start };

/** The judge without the laboratory, for the tests that attack it. */
import { importPack, judgeProblem } from '../../src/judge/packs.ts';
import { type Judge, startJudge } from '../../src/judge/service.ts';

declare global {
  interface Window {
    judging: {
      judge: Judge;
      alarms: string[];
      importPack: typeof importPack;
      judgeProblem: typeof judgeProblem;
    };
  }
}

const alarms: string[] = [];
const judge = startJudge({ onAlarm: (message) => alarms.push(message) });
window.judging = { judge, alarms, importPack, judgeProblem };

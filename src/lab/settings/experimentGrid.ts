/** The grid of a spec: named cells of settings, in each of which all arms run. */
import type { ArmPlan, SpecArm } from './armPlan.ts';
import { isObject, refusal, type SettingIssue } from './refusal.ts';

/** A cell as people write it: its name, and what differs in it from the experiment's settings, by name. */
export type CellInput = { name?: string; [setting: string]: unknown };

export interface Cell {
  name: string;
  settings: Record<string, unknown>;
  /** Where it stands in the spec. */
  path: string;
}

export const within = ({ name }: Cell, arm: SpecArm): SpecArm => ({
  ...arm,
  name: `${name}: ${arm.name}`,
  cell: name,
  inCell: arm.name,
});

/** The cells of a grid; one without a name is called after its settings. What is wrong joins `issues`. */
export function cellsOf(grid: readonly unknown[], issues: SettingIssue[]): Cell[] {
  const cells: Cell[] = [];
  grid.forEach((input, i) => {
    const path = `grid[${i}]`;
    if (!isObject(input)) {
      issues.push({ field: path, message: refusal('A cell', 'an object of settings', input) });
      return;
    }
    const { name: given, ...settings } = input;
    const name = given ?? Object.entries(settings).map(shortSetting).join(', ');
    if (typeof name !== 'string' || name.trim() === '' || name.length > 60) {
      issues.push({ field: `${path}.name`, message: refusal('name', 'a text of 1 to 60 characters', given) });
    } else if (cells.some((cell) => cell.name === name)) {
      issues.push({
        field: `${path}.name`,
        message: `Two cells are called "${name}"; names tell them apart.`,
      });
    } else cells.push({ name, settings, path });
  });
  return cells;
}

const shortSetting = ([name, value]: [string, unknown]): string =>
  `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;

/**
 * What is wrong with the arms of all cells, each fault once and at the field that brought it. A setting of the whole
 * experiment is at fault for having no effect only when it has none in any cell.
 */
export function issuesOf(plans: readonly { cell: Cell | null; plan: ArmPlan }[]): SettingIssue[] {
  const found = new Map<string, SettingIssue>();
  const tell = (issue: SettingIssue) => found.set(`${issue.field} ${issue.message}`, issue);
  for (const { cell, plan } of plans) {
    const ofCell = (field: string) => cell !== null && Object.hasOwn(cell.settings, field);
    for (const issue of [...plan.sharedFaults(), ...plan.unused()]) {
      const { field, message } = issue;
      const unusedEverywhere = () =>
        plans.every(({ plan }) => plan.unused().some((each) => each.field === field));
      if (ofCell(field)) tell({ field: `${cell!.path}.${field}`, message });
      else if (!issue.unused || unusedEverywhere()) tell({ field: `settings.${field}`, message });
    }
    for (const issue of plan.own) {
      const same = ({ plan }: { plan: ArmPlan }) =>
        plan.own.some(({ field, message }) => field === issue.field && message === issue.message);
      const where = cell === null || plans.every(same) ? '' : ` (In the cell "${cell.name}".)`;
      tell({ ...issue, message: issue.message + where });
    }
  }
  return [...found.values()];
}

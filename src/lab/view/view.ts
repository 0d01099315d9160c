/** What a person looks at: which moment, which response, which panels. Nothing of what is compared changes here. */
import type { Station } from '../records/record.ts';
import type { PanelId, Teaching, Theme } from '../state/pageParts.ts';
import type { LabStore, Selection, XAxis } from '../state/store.ts';
import type { Guide } from '../state/syllabus.ts';
import { followSelection } from './followSelection.ts';
import type { Notices } from './notices.ts';
import { findParting, partingInWords } from './parting.ts';
import { hides } from './teaching.ts';

export class View {
  readonly #store: LabStore;
  readonly #notices: Notices;

  constructor(store: LabStore, notices: Notices) {
    this.#store = store;
    this.#notices = notices;
  }

  /** Moves every panel to an iteration; null follows the newest. The inspector keeps group and rank in view. */
  setCursor(cursor: number | null): void {
    this.#store.setState(({ selection, arms }) => {
      const arm = arms.find((each) => each.id === selection?.armId);
      return { cursor, selection: selection && followSelection(selection, arm, cursor) };
    });
  }

  /** Chooses the arm that is shown in detail. */
  setActive(id: string): void {
    if (this.#store.getState().arms.some((arm) => arm.id === id)) this.#store.setState({ activeArm: id });
  }

  /** Goes to where reward and truth part: in the chosen arm, or in the first in which they do. Says what was found. */
  showParting(): void {
    const { arms, activeArm } = this.#store.getState();
    const found = arms
      .filter((arm) => !arm.hidden)
      .map((arm) => ({ arm, parting: findParting(arm) }))
      .sort((a, b) => Number(b.arm.id === activeArm) - Number(a.arm.id === activeArm));
    for (const { arm, parting } of found) {
      if (parting.kind !== 'parted') continue;
      this.setActive(arm.id);
      this.setCursor(Math.max(1, parting.iteration));
      break;
    }
    this.#notices.post({
      kind: 'info',
      text: found.map(({ arm, parting }) => partingInWords(arm.name, parting)).join(' '),
    });
  }

  /** Opens a response in the inspector. */
  select(selection: Selection | null): void {
    this.#store.setState({ selection });
    if (selection) this.setPanel('inspector', true);
  }

  setHighlight(highlight: Station | null): void {
    this.#store.setState({ highlight });
  }

  /** Shows the choices of a station in the settings. */
  setStation(station: Station): void {
    this.#store.setState({ station });
  }

  setXAxis(xAxis: XAxis): void {
    this.#store.setState({ xAxis });
  }

  setPanel(panel: PanelId, open: boolean): void {
    if (open && hides(this.#store.getState(), panel)) return;
    this.#store.setState(({ panels }) => ({
      panels: open ? [...new Set([...panels, panel])] : panels.filter((each) => each !== panel),
    }));
  }

  /** Opens lessons or glossary beside the page, or closes them. */
  setGuide(guide: Guide | null): void {
    this.#store.setState({ guide });
  }

  /** Lets the demo stop where it is. */
  stopDemo(): void {
    this.#store.setState({ demo: null });
  }

  setTheme(theme: Theme): void {
    this.#store.setState(({ teaching }) => ({ theme, teaching: { ...teaching, theme: null } }));
  }

  /** What a teacher's link hides and locks. Lessons and demos rearrange the page within it. */
  setTeaching(teaching: Teaching): void {
    this.#store.setState({ teaching });
  }
}

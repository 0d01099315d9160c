/** Training in the page: the starting policy, and the reward models; and the models that were brought along. */
import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useState } from 'react';
import {
  genrmKnobs,
  policyKnobs,
  refuseSizes,
  rewardKnobs,
  valueKnobs,
} from '../../../lab/models/trainingKnobs.ts';
import {
  largerPolicy,
  shippedGenrm,
  shippedPolicy,
  shippedRewardModels,
  shippedValueNetwork,
} from '../../../lab/models/trainingPresets.ts';
import { type RewardSlot, rewardSlots, slotText } from '../../../lab/trainer/models/modelSlots.ts';
import type {
  GenrmSettings,
  RewardModelSettings,
  SftSettings,
  ValueSettings,
} from '../../../lab/trainer/protocol.ts';
import { networkOf } from '../../../rlhf/sample/decode/guided.ts';
import knobs from '../../knobs/knobs.module.css';
import { Choice } from '../../parts/Choice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import settings from '../settings/settings.module.css';
import { JobProgress } from './JobProgress.tsx';
import { Knobs } from './Knobs.tsx';
import { RecordedMasks } from './Masks.tsx';
import { ModelFiles } from './ModelFiles.tsx';
import { TrainRow } from './TrainRow.tsx';
import styles from './training.module.css';

/** With its store it is loaded when its tab is opened. */
const StudentForm = lazy(() =>
  import('./StudentForm.tsx').then((module) => ({ default: module.StudentForm })),
);

export function TrainingPanel() {
  const busy = useLab((state) => state.training?.state === 'running' || state.training?.state === 'stopping');
  // Opened once, the tab of the student keeps what was set in it, as the others do from the start.
  const [studentOpened, setStudentOpened] = useState(false);
  return (
    <Panel title="Train models here" closes="training">
      <p className={styles.lead}>
        The page comes with a trained policy, six reward models, one that compares, and two value networks.
        Train your own, with the same code that made those; arms take them when they start.
      </p>
      <Tabs.Root
        defaultValue="policy"
        onValueChange={(value) => {
          if (value === 'student') setStudentOpened(true);
        }}
      >
        <Tabs.List className={settings.tabs}>
          <Tabs.Tab value="policy" className={settings.tab}>
            Starting policy
          </Tabs.Tab>
          <Tabs.Tab value="reward" className={settings.tab}>
            Reward model
          </Tabs.Tab>
          <Tabs.Tab value="genrm" className={settings.tab}>
            GenRM
          </Tabs.Tab>
          <Tabs.Tab value="value" className={settings.tab}>
            Value network
          </Tabs.Tab>
          <Tabs.Tab value="student" className={settings.tab}>
            Student
          </Tabs.Tab>
          <Tabs.Tab value="files" className={settings.tab}>
            Files
          </Tabs.Tab>
          <Tabs.Indicator className={settings.tabLine} />
        </Tabs.List>
        <Tabs.Panel value="policy" className={styles.panel} keepMounted>
          <PolicyForm busy={busy} />
        </Tabs.Panel>
        <Tabs.Panel value="reward" className={styles.panel} keepMounted>
          <RewardForm busy={busy} />
        </Tabs.Panel>
        <Tabs.Panel value="genrm" className={styles.panel} keepMounted>
          <GenrmForm busy={busy} />
        </Tabs.Panel>
        <Tabs.Panel value="value" className={styles.panel} keepMounted>
          <ValueForm busy={busy} />
        </Tabs.Panel>
        <Tabs.Panel value="student" className={styles.panel} keepMounted={studentOpened}>
          <Suspense fallback={<p role="status">Opening the store …</p>}>
            <StudentForm busy={busy} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="files" className={styles.panel}>
          <ModelFiles />
        </Tabs.Panel>
      </Tabs.Root>
      <JobProgress />
    </Panel>
  );
}

function PolicyForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const [values, setValues] = useState<SftSettings>(shippedPolicy);
  const refused = refuseSizes(values);
  return (
    <>
      <p className={styles.what}>
        Supervised fine-tuning: the policy imitates a corpus of right and realistically buggy programs, so
        that it starts at 30 to 50 % passes.
      </p>
      <div className={styles.row}>
        <span>Start from</span>
        <button type="button" onClick={() => setValues(shippedPolicy)}>
          the shipped recipe (0.12 M parameters)
        </button>
        <button type="button" onClick={() => setValues(largerPolicy)}>
          a larger model (0.8 M)
        </button>
      </div>
      <Knobs table={policyKnobs} values={values} onChange={setValues} />
      <RecordedMasks noise={values.noise} />
      {refused === null ? null : (
        <p className={knobs.problem} role="alert">
          {refused}
        </p>
      )}
      <TrainRow
        label="Train a policy"
        slot="policy"
        blocked={busy || refused !== null}
        onTrain={() => void laboratory.training.trainPolicy(values, seed)}
      />
    </>
  );
}

const recipes: Record<RewardSlot, string> = {
  strong: 'strong',
  weak: 'weak',
  careless: 'careless',
  'strong-dropout': 'dropout',
  'strong-beta': 'fixed-Beta',
  'strong-mask': 'learned-mask',
};
const slots = rewardSlots.map((value) => ({
  value,
  label: `the ${recipes[value]} one`,
  what: `Replaces the ${slotText[value]}.`,
}));

function RewardForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const [slot, setSlot] = useState<RewardSlot>('strong');
  const [values, setValues] = useState<RewardModelSettings>(shippedRewardModels.strong);
  return (
    <>
      <p className={styles.what}>
        The policy writes programs, the tests say which are better, and a model learns to tell from the text
        alone (Bradley and Terry's loss on pairs). Careless annotators ask the tests only where programs
        differ much, and follow their taste elsewhere.
      </p>
      <div className={styles.row}>
        <span>Start from</span>
        {rewardSlots.map((name) => (
          <button key={name} type="button" onClick={() => setValues(shippedRewardModels[name])}>
            the {recipes[name]} recipe
          </button>
        ))}
        <span>and replace</span>
        <Choice label="Reward model to replace" value={slot} options={slots} onChange={setSlot} />
      </div>
      <Knobs table={rewardKnobs} values={values} onChange={setValues} />
      <RecordedMasks noise={values.noise} />
      <TrainRow
        label="Train a reward model"
        slot={slot}
        blocked={busy}
        onTrain={() => void laboratory.training.trainReward(values, seed, slot)}
      />
    </>
  );
}

function GenrmForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const [values, setValues] = useState<GenrmSettings>(shippedGenrm);
  return (
    <>
      <p className={styles.what}>
        A model that reads the request and two programs, and says which is better. It starts as the policy,
        and learns from the policy's programs, run by the tests: beside the reference program, and beside each
        other.
      </p>
      <Knobs table={genrmKnobs} values={values} onChange={setValues} />
      <TrainRow
        label="Train a GenRM"
        slot="genrm"
        blocked={busy}
        onTrain={() => void laboratory.training.trainGenrm(values, seed)}
      />
    </>
  );
}

function ValueForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const [values, setValues] = useState<ValueSettings>(shippedValueNetwork);
  return (
    <>
      <p className={styles.what}>
        The policy writes programs, the tests say which pass, and a network of the policy’s size learns how
        likely that is after every token, or how the share of tests will lie. Arms that decode with value
        guidance are steered by it.
      </p>
      <Knobs table={valueKnobs} values={values} onChange={setValues} />
      <TrainRow
        label="Train a value network"
        slot={networkOf(values.learns)}
        blocked={busy}
        onTrain={() => void laboratory.training.trainValue(values, seed)}
      />
    </>
  );
}

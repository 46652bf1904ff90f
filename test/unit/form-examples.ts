/** A small example of each published form, with what must be read from it. */
export interface FormExample {
  readonly form: string;
  /** Lines of a CSV file, or values that are written as JSON lines. */
  readonly rows: readonly unknown[];
  /** Of each record: who, the prompt, and the ranking as `describeRecord` writes it. */
  readonly records: readonly (readonly [annotator: string | undefined, prompt: string, ranking: string])[];
  /** Names of the items, in order of first appearance. */
  readonly items?: readonly string[];
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

export const EXAMPLES: readonly FormExample[] = [
  {
    form: 'trl',
    rows: [
      { prompt: 'Why?', chosen: 'Because.', rejected: 'No.', annotator: 'ann' },
      { prompt: 'Why?', chosen: [user('Why?'), assistant('Physics.')], rejected: [user('Why?'), assistant('No.')] },
    ],
    records: [
      ['ann', 'Why?', '"Because." ≻ "No."'],
      [undefined, 'Why?', '"Physics." ≻ "No."'],
    ],
  },
  {
    form: 'trl',
    rows: ['annotator,prompt,chosen,rejected', 'ann,Why?,"Because, well.",No.', ',Who?,I.,You.'],
    records: [
      ['ann', 'Why?', '"Because, well." ≻ "No."'],
      [undefined, 'Who?', '"I." ≻ "You."'],
    ],
  },
  {
    form: 'openrlhf',
    rows: [
      { question: 'Why?', response_chosen: 'Because.', response_rejected: 'No.' },
      { question: 'Who?', response_j: 'I.', response_k: 'You.' },
    ],
    records: [
      [undefined, 'Why?', '"Because." ≻ "No."'],
      [undefined, 'Who?', '"I." ≻ "You."'],
    ],
  },
  {
    form: 'llama-factory',
    rows: [
      { instruction: 'Add.', input: '1 and 2', chosen: '3', rejected: '4', system: 'Be brief.', history: [['Hi', 'Hello']] },
      {
        conversations: [{ from: 'human', value: 'Hi' }],
        chosen: { from: 'gpt', value: 'Hello' },
        rejected: { from: 'gpt', value: 'What?' },
      },
    ],
    records: [
      [undefined, 'system: Be brief.\n\nuser: Hi\n\nassistant: Hello\n\nuser: Add.\n\n1 and 2', '"3" ≻ "4"'],
      [undefined, 'Hi', '"Hello" ≻ "What?"'],
    ],
  },
  {
    form: 'ultrafeedback',
    rows: [
      {
        source: 's',
        instruction: 'Why?',
        models: ['m1', 'm2', 'm3', 'm4'],
        completions: [
          { model: 'm1', response: 'a', overall_score: 7.5 },
          { model: 'm2', response: 'b', overall_score: 9 },
          { model: 'm3', response: 'c', overall_score: 7.5 },
          { model: 'm4', response: 'd', overall_score: null },
        ],
      },
    ],
    records: [[undefined, 'Why?', '"b" ≻ "a" ~ "c"']],
    items: ['m1', 'm2', 'm3'],
  },
  {
    form: 'nectar',
    rows: [
      {
        prompt: '\n\nHuman: Why?\n\nAssistant: ',
        answers: [
          { answer: 'a', model: 'm1', rank: 2 },
          { answer: 'b', model: 'm2', rank: 1 },
          { answer: 'a', model: 'm3', rank: 3 },
        ],
      },
    ],
    records: [[undefined, '\n\nHuman: Why?\n\nAssistant: ', '"b" ≻ "a" ≻ "a"']],
    items: ['m1', 'm2', 'm3'],
  },
  {
    form: 'oasst',
    rows: [
      {
        prompt: {
          text: 'Hi',
          role: 'prompter',
          replies: [
            {
              text: 'Hello',
              role: 'assistant',
              rank: 1,
              replies: [
                {
                  text: 'Why?',
                  role: 'prompter',
                  rank: null,
                  replies: [
                    { text: 'x', role: 'assistant', rank: 1, replies: [] },
                    { text: 'y', role: 'assistant', rank: 0, replies: [] },
                    { text: 'z', role: 'assistant', rank: null, replies: [] },
                  ],
                },
              ],
            },
            { text: 'Yes?', role: 'assistant', rank: 0, replies: [] },
          ],
        },
      },
    ],
    records: [
      [undefined, 'Hi', '"Yes?" ≻ "Hello"'],
      [undefined, 'user: Hi\n\nassistant: Hello\n\nuser: Why?', '"y" ≻ "x"'],
    ],
  },
  {
    form: 'coval',
    rows: [
      {
        prompt_id: 'p1',
        prompt: { id: 'p1', messages: [user('Why?')] },
        responses: ['a', 'b', 'c', 'd'].map((text, i) => ({ response_index: 'ABCD'[i], messages: [assistant(text)] })),
        metadata: {
          assessments: [
            { annotator_id: 'ann', ranking_blocks: { world: [{ ranking: 'B>A=C>D' }], personal: [{ ranking: 'A' }] } },
            { annotator_id: 'bob', ranking_blocks: { world: [{ ranking: ' D > B ' }] } },
            { annotator_id: 'eve', ranking_blocks: { world: [] } },
          ],
        },
      },
    ],
    records: [
      ['ann', 'Why?', '"b" ≻ "a" ~ "c" ≻ "d"'],
      ['bob', 'Why?', '"d" ≻ "b" | not ranked: "a", "c"'],
    ],
  },
  {
    form: 'pandalm',
    rows: [{ idx: 0, instruction: 'Add.', input: '1 and 2', response1: '3', response2: '4', annotator1: 1, annotator2: 0, annotator3: 2 }],
    records: [
      ['annotator1', 'Add.\n\n1 and 2', '"3" ≻ "4"'],
      ['annotator2', 'Add.\n\n1 and 2', '"3" ~ "4"'],
      ['annotator3', 'Add.\n\n1 and 2', '"4" ≻ "3"'],
    ],
  },
  {
    form: 'squality',
    rows: [
      {
        'passage-id': '7',
        questions: {
          '0': {
            bart: { response: 'a', reviews: [{ worker_id: '3', 'overall-rank': 2 }, { worker_id: '6', 'overall-rank': 1 }], overall: {} },
            human: { response: 'b', reviews: [{ worker_id: '3', 'overall-rank': 1 }, { worker_id: '6', 'overall-rank': 1 }], overall: {} },
          },
        },
      },
    ],
    records: [
      ['3', 'passage 7, question 0', '"b" ≻ "a"'],
      ['6', 'passage 7, question 0', '"a" ~ "b"'],
    ],
    items: ['bart', 'human'],
  },
  {
    form: 'arena',
    rows: [
      {
        question_id: 81,
        model_a: 'x',
        model_b: 'y',
        winner: 'model_b',
        judge: 'expert_1',
        conversation_a: [user('Why?'), assistant('a1'), user('And?'), assistant('a2')],
        conversation_b: [user('Why?'), assistant('b1'), user('And?'), assistant('b2')],
        turn: 1,
      },
      { question_id: 82, model_a: 'x', model_b: 'y', winner: 'tie', judge: 'expert_2' },
    ],
    records: [
      ['expert_1', 'Why?', '"b1" ≻ "a1"'],
      ['expert_2', '82', '"x" ~ "y"'],
    ],
    items: ['x', 'y'],
  },
  {
    form: 'arena',
    rows: [
      ['model_a', [{ type: 'text', text: 'a1', image: null }, { type: 'text', text: 'more' }]],
      ['tie (inconsistent)', 'a2'],
    ].map(([winner, content]) => ({
      model_a: 'x', model_b: 'y', winner, conversation_a: [user('Why?'), { role: 'assistant', content }], conversation_b: [user('Why?'), assistant('b')],
    })),
    records: [
      [undefined, 'Why?', '"a1 more" ≻ "b"'],
      [undefined, 'Why?', '"a2" ~ "b"'],
    ],
    items: ['x', 'y'],
  },
  {
    form: 'openai-summaries',
    rows: [
      { info: { id: 't1', post: 'I …', title: 'Me' }, summaries: [{ text: 'long', policy: 'sup' }, { text: 'short', policy: 'ref' }], choice: 1, worker: 'w1', batch: 'b' },
      { info: { id: 'c1', article: 'News.' }, summaries: [{ text: 'n', policy: 'sup' }, { text: 'm', policy: 'sup' }], choice: 0, worker: 'w2' },
    ],
    records: [
      ['w1', 'Me\n\nI …', '"short" ≻ "long"'],
      ['w2', 'News.', '"n" ≻ "m"'],
    ],
    items: ['sup', 'ref'],
  },
  {
    form: 'lists',
    rows: [
      { input: 'Why?', generations: ['a', 'b', 'c', 'd'], rating: [4, null, 2, 4], generation_models: ['m', 'm', 'n', 'o'] },
      { input: 'Who?', generations: ['a', 'b'], rating: ['1', '5'], generation_models: ['m', 'n'] },
    ],
    records: [
      [undefined, 'Why?', '"a" ~ "d" ≻ "c"'],
      [undefined, 'Who?', '"b" ≻ "a"'],
    ],
    items: ['m', 'n', 'o'],
  },
  {
    form: 'lists',
    rows: [{ user_id: 7, prompt: [user('Why?')], responses: ['a', 'b', 'c'], ranks: [2, null, 1] }],
    records: [['7', 'Why?', '"c" ≻ "a" | not ranked: "b"']],
  },
  {
    form: 'prism',
    rows: [
      ['c1', 0, 'Hi', 'Hello', 'm1', 80, true],
      ['c1', 0, 'Hi', 'Yes?', 'm2', 80, false],
      ['c2', 0, 'Hi', 'Hm', 'm1', 3, false],
      ['c1', 1, 'Why?', 'So', 'm1', 10, false],
      ['c2', 0, 'Hi', 'Oh', 'm2', 9, true],
      ['c1', 1, 'Why?', 'Because', 'm1', 90, true],
    ].map(([conversation_id, turn, user_prompt, model_response, model_name, score, if_chosen]) => ({
      conversation_id, user_id: `user of ${conversation_id}`, turn, user_prompt, model_response, model_name, score, if_chosen,
    })),
    records: [
      ['user of c1', 'Hi', '"Hello" ~ "Yes?"'],
      ['user of c1', 'user: Hi\n\nassistant: Hello\n\nuser: Why?', '"Because" ≻ "So"'],
      ['user of c2', 'Hi', '"Oh" ≻ "Hm"'],
    ],
    items: ['m1', 'm2'],
  },
  {
    form: 'wmt',
    rows: [
      'srclang,trglang,srcIndex,segmentId,judgeID,system1Id,system1rank,system2Id,system2rank,rankingID',
      'ces,eng,12,12,j1,s1,1,s2,2,9',
      'ces,eng,12,12,j1,s1,1,s3,1,9',
      'ces,eng,12,12,j2,s1,2,s2,1,10',
      'ces,eng,12,12,j1,s2,2,s4,-1,9',
    ],
    records: [
      ['j1', 'ces eng 12 12', '"s1" ~ "s3" ≻ "s2" | not ranked: "s4"'],
      ['j2', 'ces eng 12 12', '"s2" ≻ "s1"'],
    ],
    items: ['s1', 's2', 's3', 's4'],
  },
  {
    form: 'arena-csv',
    rows: [
      { left: 'x', right: 'y', vote: 'right', rater_id: 7, prompt: 'p' },
      { left: 'x', right: 'z', vote: 'tie', rater_id: null, prompt: 'p' },
    ],
    records: [
      ['7', 'p', '"y" ≻ "x"'],
      [undefined, 'p', '"x" ~ "z"'],
    ],
    items: ['x', 'y', 'z'],
  },
  {
    form: 'arena-csv',
    rows: ['id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie', '1,x,y,p,r,s,0,1,0', '2,y,x,p,t,r,0,0,1'],
    records: [
      [undefined, 'p', '"s" ≻ "r"'],
      [undefined, 'p', '"t" ~ "r"'],
    ],
    items: ['x', 'y'],
  },
  {
    form: 'long',
    rows: ['annotator,prompt,response,rank', 'ann,p,a,2', 'bob,p,a,1', 'ann,p,b,1', 'bob,p,b,', 'ann,p,c,2'],
    records: [
      ['ann', 'p', '"b" ≻ "a" ~ "c"'],
      ['bob', 'p', '"a" | not ranked: "b"'],
    ],
  },
  {
    form: 'wide',
    rows: ['rater;question;answer_a;answer_b;answer_c;score_a;score_b;score_c', 'ann;p;x;y;z;3;5;3', 'bob;p;x;y;z;1;;2'],
    records: [
      ['ann', 'p', '"y" ≻ "x" ~ "z"'],
      ['bob', 'p', '"z" ≻ "x"'],
    ],
  },
]; // prettier-ignore

/** The example as a file: JSON lines, or CSV where the rows are text. */
export function fileOf({ rows }: FormExample): string {
  return rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
}

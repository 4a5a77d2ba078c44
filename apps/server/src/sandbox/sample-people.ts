/** Somebody whose desk a newcomer can open. */
export interface SamplePerson {
  /** Of a key that they have already */
  readonly label: string;
  readonly name: string;
  readonly role: string;
  readonly about: string;
  /** Opens a desk with the rights of an admin */
  readonly admin?: boolean;
}

/** Each platform has two analysts and an administrator. */
export const samplePeople: readonly SamplePerson[] = [
  {
    label: 'harbour/trust',
    name: 'Hanna Brink',
    role: 'Trust analyst at Harbour',
    about: 'Recorded a phishing page and a scam. Begin here: record something.',
  },
  {
    label: 'harbour/trust/2',
    name: 'Jonas Visser',
    role: 'Trust analyst at Harbour',
    about: 'Confirms what Hanna drafted, and takes over while she is away.',
  },
  {
    label: 'harbour/admin',
    name: 'Maud Dekker',
    role: 'Administrator of Harbour',
    about: 'Invites people, names them, and revokes a lost key.',
    admin: true,
  },
  {
    label: 'harbour/support',
    name: 'Sam Okafor',
    role: 'Support at Harbour',
    about: "Reads the states of Harbour's records, and nothing else.",
  },
  {
    label: 'tubely/trust',
    name: 'Tom Adeyemi',
    role: 'Trust analyst at Tubely',
    about: 'Checks people at signup, and undoes what a recall asks for.',
  },
  {
    label: 'tubely/trust/2',
    name: 'Aoife Byrne',
    role: 'Trust analyst at Tubely',
    about: 'Confirms what Tom drafted, and takes over while he is away.',
  },
  {
    label: 'tubely/admin',
    name: 'Declan Walsh',
    role: 'Administrator of Tubely',
    about: 'Invites people, names them, and revokes a lost key.',
    admin: true,
  },
  {
    label: 'marketo/trust',
    name: 'Lena Vogt',
    role: 'Trust analyst at Marketo',
    about: 'Recorded a seller who sent nothing.',
  },
  {
    label: 'marketo/trust/2',
    name: 'Emre Kaya',
    role: 'Trust analyst at Marketo',
    about: 'Confirms what Lena drafted, and takes over while she is away.',
  },
  {
    label: 'marketo/admin',
    name: 'Britta Holm',
    role: 'Administrator of Marketo',
    about: 'Invites people, names them, and revokes a lost key.',
    admin: true,
  },
  {
    label: 'panel/1',
    name: 'Ines Duarte',
    role: 'Reviewer, admin of the panel',
    about: 'Belongs to no platform, and decides appeals.',
  },
  {
    label: 'panel/2',
    name: 'Yusuf Demir',
    role: 'Reviewer',
    about: 'Belongs to no platform, and signs where it takes a second reviewer.',
  },
  {
    label: 'panel/3',
    name: 'Rosa Lind',
    role: 'Reviewer',
    about: 'Worked for Tubely, and so is assigned nothing that Tubely recorded.',
  },
  {
    label: 'operator/1',
    name: 'Olu Mensah',
    role: 'Operator',
    about: 'Proposes what takes two people, such as registering a platform.',
  },
  {
    label: 'operator/2',
    name: 'Petra Novak',
    role: 'Operator',
    about: 'Executes what the other operator proposed.',
  },
];

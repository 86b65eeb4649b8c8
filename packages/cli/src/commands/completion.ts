import { defineCommand } from "../command/define-command.ts";
import { text } from "../command/flags.ts";

/** `completion`: prints what a shell needs to complete commands. */
export const completion = defineCommand({
  path: "completion",
  kind: "reads",
  arguments: { shell: "required" },
  flags: { executable: text("COMMAND") },
  examples: [
    "completion bash >> ~/.bashrc",
    "completion zsh >> ~/.zshrc",
    "completion fish > ~/.config/fish/completions/af-tenancy.fish",
    "completion powershell >> $PROFILE",
  ],
  exits: [0, 2],
  output: undefined,
  texts: {
    en: {
      brief: "Prints the completion of a shell: bash, zsh, fish or powershell",
      description:
        "Commands, flags, the words of a choice and slugs of tenants are completed. For these your configuration is loaded and the registry asked; where that takes longer than a second, or fails, there are none.",
      arguments: { shell: "bash, zsh, fish or powershell" },
      flags: { executable: "How the command is called; af-tenancy when absent" },
      unknown: (shell: string) =>
        `There is no completion for "${shell}": give bash, zsh, fish or powershell.`,
    },
    de: {
      brief: "Gibt die Vervollständigung einer Shell aus: bash, zsh, fish oder powershell",
      description:
        "Befehle, Schalter, die Worte einer Auswahl und Kürzel von Mandanten werden vervollständigt. Für diese wird Ihre Konfiguration geladen und das Register gefragt; dauert das länger als eine Sekunde oder misslingt es, gibt es keine.",
      arguments: { shell: "bash, zsh, fish oder powershell" },
      flags: { executable: "Wie der Befehl heißt; ohne Angabe af-tenancy" },
      unknown: (shell: string) =>
        `Für „${shell}“ gibt es keine: bash, zsh, fish oder powershell angeben.`,
    },
  },
  async run({ texts, refuse }, { shell, executable = "af-tenancy" }) {
    if (!shells.includes(shell)) refuse(texts.unknown(shell));
    const { script } = await import("@bomb.sh/tab");
    return {
      value: {},
      show: () => script(shell, "af-tenancy", executable),
    };
  },
});

const shells: readonly string[] = Object.freeze(["bash", "zsh", "fish", "powershell"]);

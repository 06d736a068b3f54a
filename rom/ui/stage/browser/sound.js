// Voice where the browser has one of its own, beeps always.

const BEEPS = {
  tick: [[660, 0, 0.12]],
  go: [[1200, 0, 0.4]],
  done: [[880, 0, 0.16], [1175, 0.2, 0.3]],
  warn: [[330, 0, 0.2], [330, 0.28, 0.2]],
};
const LOUDNESS = 0.2;
const FADE_S = 0.02;

export class Sound {
  constructor() {
    this.voice = true;
  }

  // Browsers allow sound only after a click.
  unlock() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (Context) this.audio = new Context();
    this.audio?.resume();
    if (this.canSpeak()) speechSynthesis.getVoices();
  }

  setVoice(on) {
    this.voice = on;
    if (!on && this.canSpeak()) speechSynthesis.cancel();
  }

  canSpeak() {
    return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  }

  // Only a voice of this computer: others send the words away.
  ownVoice() {
    const voices = speechSynthesis.getVoices().filter((voice) => voice.localService);
    return voices.find((voice) => voice.default && voice.lang.startsWith("en"))
      || voices.find((voice) => voice.lang.startsWith("en"));
  }

  say(text) {
    if (!this.canSpeak()) return;
    speechSynthesis.cancel();
    if (!this.voice || !text) return;
    const voice = this.ownVoice();
    if (!voice) return;
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    speechSynthesis.speak(spoken);
  }

  beep(name) {
    if (!this.audio || !(name in BEEPS)) return;
    for (const [pitch_hz, after_s, length_s] of BEEPS[name]) {
      const begin_s = this.audio.currentTime + after_s;
      const tone = this.audio.createOscillator();
      const loudness = this.audio.createGain();
      tone.frequency.value = pitch_hz;
      loudness.gain.setValueAtTime(0, begin_s);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, begin_s + FADE_S);
      loudness.gain.setValueAtTime(LOUDNESS, begin_s + length_s - FADE_S);
      loudness.gain.linearRampToValueAtTime(0, begin_s + length_s);
      tone.connect(loudness).connect(this.audio.destination);
      tone.start(begin_s);
      tone.stop(begin_s + length_s);
    }
  }

  // The last words are spoken to their end.
  stop(finished) {
    if (!finished && this.canSpeak()) speechSynthesis.cancel();
    setTimeout(() => this.audio?.close(), finished ? 1000 : 0);
  }
}

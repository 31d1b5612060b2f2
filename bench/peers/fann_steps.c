/* Steps of plain gradient descent in FANN. bench/peers/fann_steps.py compiles and runs it.

     fann_steps START COSTS SAMPLES SECONDS RATE BATCH WIDTH WIDTH...

   Prints so many costs, each before a step along the whole batch; then, unless SAMPLES is 0, blocks: steps, seconds of one.

   START is the folder that gradus-bench --write-start has written. One line for each number. FANN_TRAIN_BATCH's epoch over a
   minibatch is a step: the slopes of its patterns are summed, and the weights moved by rate / patterns of that. */

#include <floatfann.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double block_seconds = 0.012;

static void fail(const char* form, ...) {
  va_list arguments;
  va_start(arguments, form);
  fputs("fann_steps: ", stderr);
  vfprintf(stderr, form, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

static void* room(size_t count, size_t size) {
  void* memory = calloc(count > 0 ? count : 1, size);
  if (memory == NULL) fail("not enough memory for %zu times %zu bytes", count, size);
  return memory;
}

/* The numbers of an NPY file (version 1), which hold `count` of `size` bytes. */
static void* read_npy(const char* folder, const char* name, size_t count, size_t size) {
  char path[4096];
  unsigned char head[10];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) fail("the name of the folder is too long");
  FILE* file = fopen(path, "rb");
  if (file == NULL) fail("%s cannot be read", path);
  if (fread(head, 1, sizeof head, file) != sizeof head || memcmp(head, "\x93NUMPY\x01", 7) != 0)
    fail("%s is no NPY file of version 1", path);
  if (fseek(file, (long)sizeof head + head[8] + 256L * head[9], SEEK_SET) != 0) fail("%s is too short", path);
  void* numbers = room(count, size);
  if (fread(numbers, size, count, file) != count || fgetc(file) != EOF)
    fail("%s does not hold %zu numbers of %zu bytes", path, count, size);
  fclose(file);
  return numbers;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static uint32_t random_state = 1;
static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)random_state * limit) >> 32);
}

/* The samples, and a random order of them. FANN's own shuffle would move their numbers; this moves pointers. */
struct samples {
  size_t count, left;
  fann_type **inputs, **targets;
};

static struct samples make_samples(size_t count, size_t features, size_t classes, const uint8_t* bytes,
                                   const int32_t* labels) {
  struct samples samples = {count, 0, room(count, sizeof(fann_type*)), room(count, sizeof(fann_type*))};
  fann_type *inputs = room(count * features, sizeof *inputs), *targets = room(count * classes, sizeof *targets);
  for (size_t i = 0; i < count * features; ++i) inputs[i] = (float)(bytes != NULL ? bytes[i] : random_below(256)) / 255.0f;
  for (size_t i = 0; i < count; ++i) {
    targets[i * classes + (labels != NULL ? (size_t)labels[i] % classes : i % classes)] = 1.0f;
    samples.inputs[i] = inputs + i * features;
    samples.targets[i] = targets + i * classes;
  }
  return samples;
}

static void shuffle(struct samples* samples) {
  for (size_t i = samples->count; i > 1; --i) {
    const size_t j = random_below((uint32_t)i);
    fann_type *input = samples->inputs[i - 1], *target = samples->targets[i - 1];
    samples->inputs[i - 1] = samples->inputs[j], samples->inputs[j] = input;
    samples->targets[i - 1] = samples->targets[j], samples->targets[j] = target;
  }
  samples->left = samples->count;
}

/* Patterns where `samples` has them. */
static struct fann_train_data batch_of(struct samples* samples, size_t first, size_t batch, size_t features,
                                       size_t classes) {
  struct fann_train_data data;
  memset(&data, 0, sizeof data);
  data.num_data = (unsigned)batch;
  data.num_input = (unsigned)features;
  data.num_output = (unsigned)classes;
  data.input = samples->inputs + first;
  data.output = samples->targets + first;
  return data;
}

static struct fann* make_network(const char* folder, size_t layers, const unsigned* widths, float rate) {
  struct fann* network = fann_create_standard_array((unsigned)layers, widths);
  if (network == NULL) fail("FANN makes no such network");
  fann_set_activation_function_hidden(network, FANN_SIGMOID);
  fann_set_activation_function_output(network, FANN_SIGMOID);
  fann_set_activation_steepness_hidden(network, 0.5f); /* 1 / (1 + exp(-2 s x)) */
  fann_set_activation_steepness_output(network, 0.5f);
  fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
  fann_set_train_error_function(network, FANN_ERRORFUNC_LINEAR);
  fann_set_learning_rate(network, rate);

  /* Node by node, each with its bias last; fann_set_weight would search for every one of them. */
  fann_type* weight = network->weights;
  for (size_t l = 1; l < layers; ++l) {
    char name[64];
    snprintf(name, sizeof name, "weights_%zu.npy", l);
    float* weights = read_npy(folder, name, (size_t)widths[l] * widths[l - 1], sizeof *weights);
    snprintf(name, sizeof name, "biases_%zu.npy", l);
    float* biases = read_npy(folder, name, widths[l], sizeof *biases);
    for (size_t j = 0; j < widths[l]; ++j) {
      memcpy(weight, weights + j * widths[l - 1], widths[l - 1] * sizeof *weight);
      weight += widths[l - 1];
      *weight++ = biases[j];
    }
    free(weights);
    free(biases);
  }
  if ((size_t)(weight - network->weights) != network->total_connections)
    fail("FANN has other connections than were expected");
  return network;
}

/* The cost, in double precision; and the least distance of an output of a node from 0 and 1, since FANN's derivative takes
   what is below 0.01 for 0.01. */
static double cost_of(struct fann* network, const struct fann_train_data* data, float* least) {
  double sum = 0.0;
  for (unsigned i = 0; i < data->num_data; ++i) {
    const fann_type* outputs = fann_run(network, data->input[i]);
    for (unsigned k = 0; k < data->num_output; ++k) {
      const double difference = (double)outputs[k] - (double)data->output[i][k];
      sum += difference * difference;
    }
    for (const struct fann_layer* layer = network->first_layer + 1; layer != network->last_layer; ++layer)
      for (const struct fann_neuron* node = layer->first_neuron; node != layer->last_neuron - 1; ++node)
        *least = fminf(*least, fminf(node->value, 1.0f - node->value));
  }
  return sum / (2.0 * (double)data->num_data);
}

static void print_costs(struct fann* network, struct fann_train_data* data, long count) {
  float least = 1.0f;
  for (long i = 0; i < count; ++i) {
    printf("cost %.9g\n", cost_of(network, data, &least));
    fann_train_epoch(network, data);
  }
  printf("least_distance %.6g\n", (double)least);
}

static double run_block(struct fann* network, struct samples* samples, size_t batch, size_t features, size_t classes,
                        long steps) {
  const double begin = now();
  for (long i = 0; i < steps; ++i) {
    if (batch < samples->count && samples->left < batch) shuffle(samples);
    struct fann_train_data data =
        batch_of(samples, batch < samples->count ? samples->count - samples->left : 0, batch, features, classes);
    samples->left -= batch < samples->count ? batch : 0;
    fann_train_epoch(network, &data);
  }
  return now() - begin;
}

static void print_times(struct fann* network, struct samples* samples, size_t batch, size_t features, size_t classes,
                        double seconds) {
  long steps = 1;
  double took = run_block(network, samples, batch, features, classes, steps);
  while (took < block_seconds) took = run_block(network, samples, batch, features, classes, steps *= 2);
  const double begin = now();
  for (long blocks = 0; blocks == 0 || now() < begin + seconds || (blocks < 3 && now() < begin + 5.0 * seconds); ++blocks)
    printf("block %ld %.9g\n", steps, run_block(network, samples, batch, features, classes, steps) / (double)steps);
}

int main(int count, char** words) {
  enum { kFolder = 1, kCosts, kSamples, kSeconds, kRate, kBatch, kWidths };
  if (count < kWidths + 2) fail("usage: fann_steps START COSTS SAMPLES SECONDS RATE BATCH WIDTH WIDTH...");
  const size_t layers = (size_t)(count - kWidths), batch = strtoul(words[kBatch], NULL, 10),
               timed = strtoul(words[kSamples], NULL, 10);
  unsigned* widths = room(layers, sizeof *widths);
  for (size_t l = 0; l < layers; ++l) widths[l] = (unsigned)strtoul(words[kWidths + (int)l], NULL, 10);
  const size_t features = widths[0], classes = widths[layers - 1];
  if (batch == 0 || features == 0 || classes == 0) fail("a batch and the widths are at least 1");
  const float rate = strtof(words[kRate], NULL);

  struct fann* network = make_network(words[kFolder], layers, widths, rate);
  uint8_t* bytes = read_npy(words[kFolder], "inputs.npy", batch * features, sizeof *bytes);
  int32_t* labels = read_npy(words[kFolder], "labels.npy", batch, sizeof *labels);
  struct samples few = make_samples(batch, features, classes, bytes, labels);
  struct fann_train_data data = batch_of(&few, 0, batch, features, classes);
  print_costs(network, &data, strtol(words[kCosts], NULL, 10));
  fann_destroy(network);
  if (timed == 0) return 0;

  network = make_network(words[kFolder], layers, widths, rate);
  struct samples samples = make_samples(timed < batch ? batch : timed, features, classes, NULL, NULL);
  print_times(network, &samples, batch, features, classes, strtod(words[kSeconds], NULL));
  fann_destroy(network);
  return 0;
}

"""The code of the notebook that the project grew from: preprocessing, decoder and trainer.

The statements are the notebook's own, unmended. Its two long functions are cut where the work on one window begins
(`label_window`, `window_answers`). What the notebook held as global names is set by `prepare`."""
import collections

import numpy as np
from tqdm.auto import tqdm
from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

max_length = 384
stride = 128


def prepare(a_tokenizer, a_padding="max_length", a_bar=True):
    "The tokenizer, the padding of windows (the seed's is to 384 tokens), and whether the decoder shows its bar."
    global tokenizer, padding, bar
    tokenizer, padding, bar = a_tokenizer, a_padding, a_bar


def label_window(offset, sequence_ids, start_char, end_char):
    "Start and end token of an answer in a window, (0, 0) where the window does not hold it."
    # Find the start and end of the context
    idx = 0
    while sequence_ids[idx] != 1:  # Find where the context starts
        idx += 1
    context_start = idx
    while sequence_ids[idx] == 1:  # Find where the context ends
        idx += 1
    context_end = idx - 1

    # If the answer is not fully contained in the current context chunk, set it to (0, 0)
    if offset[context_start][0] > start_char or offset[context_end][1] < end_char:
        return 0, 0

    # Otherwise it's the start and end token positions
    idx = context_start
    while idx <= context_end and offset[idx][0] <= start_char:
        idx += 1
    start_position = idx - 1

    idx = context_end
    while idx >= context_start and offset[idx][1] >= end_char:
        idx -= 1
    return start_position, idx + 1


def preprocess_training_examples(examples):
    questions = [q.strip() for q in examples["question"]]
    inputs = tokenizer(
        questions,
        examples["context"],
        max_length=max_length,
        truncation="only_second",  # Truncate only the context if it's too long
        stride=stride,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=padding,
    )

    offset_mapping = inputs.pop("offset_mapping")
    sample_map = inputs.pop("overflow_to_sample_mapping")
    answers = examples["answers"]
    start_positions = []
    end_positions = []

    for i, offset in enumerate(offset_mapping):
        sample_idx = sample_map[i]
        answer = answers[sample_idx]
        start_char = answer["answer_start"][0]
        end_char = start_char + len(answer["text"][0])

        sequence_ids = inputs.sequence_ids(i)
        start_position, end_position = label_window(offset, sequence_ids, start_char, end_char)
        start_positions.append(start_position)
        end_positions.append(end_position)

    inputs["start_positions"] = start_positions
    inputs["end_positions"] = end_positions
    return inputs


def preprocess_validation_examples(examples):
    questions = [q.strip() for q in examples["question"]]
    inputs = tokenizer(
        questions,
        examples["context"],
        max_length=max_length,
        truncation="only_second",
        stride=stride,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=padding,
    )

    sample_map = inputs.pop("overflow_to_sample_mapping")
    inputs["example_id"] = [examples["id"][idx] for idx in sample_map]
    # Keep offset_mapping for post-processing (no redundant assignment)
    offset_mapping = inputs.pop("offset_mapping")
    inputs["offset_mapping"] = offset_mapping

    # Add sequence_ids to the features for post-processing
    inputs["sequence_ids"] = [inputs.sequence_ids(i) for i in range(len(inputs["input_ids"]))]

    return inputs


def window_answers(features, feature_index, start_logits, end_logits, n_best_size, max_answer_length):
    "The answers that a window allows."
    offset_mapping = features[feature_index]["offset_mapping"]
    valid_answers = []

    start_indexes = np.argsort(start_logits)[-1 : -n_best_size - 1 : -1].tolist()
    end_indexes = np.argsort(end_logits)[-1 : -n_best_size - 1 : -1].tolist()
    for start_index in start_indexes:
        for end_index in end_indexes:
            if (start_index >= len(offset_mapping) or
                end_index >= len(offset_mapping) or
                offset_mapping[start_index] is None or
                offset_mapping[end_index] is None or
                offset_mapping[start_index][0] < 0 or
                offset_mapping[end_index][0] < 0 or
                start_index > end_index or
                (features[feature_index]["sequence_ids"][start_index] != 1 or
                 features[feature_index]["sequence_ids"][end_index] != 1)):
                continue

            length = offset_mapping[end_index][1] - offset_mapping[start_index][0]
            if length > max_answer_length:
                continue

            valid_answers.append(
                {
                    "offsets": (offset_mapping[start_index][0], offset_mapping[end_index][1]),
                    "score": start_logits[start_index] + end_logits[end_index],
                    "start_logit": start_logits[start_index],
                    "end_logit": end_logits[end_index],
                }
            )
    return valid_answers


def best_or_none(valid_answers):
    "The best of a question's answers."
    if len(valid_answers) > 0:
        return sorted(valid_answers, key=lambda x: x["score"], reverse=True)[0]
    # In the event that all valid answers have been filtered out, return an empty string
    return {"offsets": (0, 0), "score": 0.0, "start_logit": 0.0, "end_logit": 0.0}


def postprocess_qa_predictions(examples, features, raw_predictions, n_best_size=20, max_answer_length=30):
    all_start_logits, all_end_logits = raw_predictions

    example_id_to_index = {k: i for i, k in enumerate(examples["id"])}
    features_per_example = collections.defaultdict(list)
    for i, feature in enumerate(features):
        features_per_example[example_id_to_index[feature["example_id"]]].append(i)

    # The dictionary to fill with the processed predictions
    predictions = collections.OrderedDict()

    for example_index, example in enumerate(tqdm(examples, disable=not bar)):
        feature_indices = features_per_example[example_index]
        min_null_score = None
        valid_answers = []

        context = example["context"]
        for feature_index in feature_indices:
            start_logits = all_start_logits[feature_index]
            end_logits = all_end_logits[feature_index]

            cls_index = features[feature_index]["input_ids"].index(tokenizer.cls_token_id)
            feature_null_score = start_logits[cls_index] + end_logits[cls_index]
            if min_null_score is None or min_null_score < feature_null_score:
                min_null_score = feature_null_score

            valid_answers += window_answers(
                features, feature_index, start_logits, end_logits, n_best_size, max_answer_length
            )

        best_answer = best_or_none(valid_answers)
        # If the null answer has a better score than the best non-null answer, then return null answer.
        if min_null_score is not None and min_null_score > best_answer["score"]:
            predictions[example["id"]] = ""
        else:
            predictions[example["id"]] = context[best_answer["offsets"][0] : best_answer["offsets"][1]]

    return predictions


def make_trainer(model, output_dir, train_dataset=None, fp16=True, **more):
    # fp16 as in the seed; on a CPU it has no effect
    training_args = TrainingArguments(
        output_dir=output_dir,
        learning_rate=2e-5,
        per_device_train_batch_size=8,
        per_device_eval_batch_size=8,
        weight_decay=0.01,
        fp16=fp16,
        report_to="none",
        disable_tqdm=True,
        **more,
    )
    collator = DataCollatorWithPadding(tokenizer)
    return Trainer(model=model, args=training_args, train_dataset=train_dataset, data_collator=collator)

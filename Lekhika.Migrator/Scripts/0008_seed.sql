-- Levels, the offline author, and the default book flow with its master engine. Later versions add rows; none is changed in place.
SELECT set_config('app.role', 'superadmin', true);

INSERT INTO levels (id, key, name, tier) VALUES
    ('01900000-0000-7000-8000-000000000001', 'starter', 'Starter', 1),
    ('01900000-0000-7000-8000-000000000002', 'pro', 'Pro', 2),
    ('01900000-0000-7000-8000-000000000003', 'enterprise', 'Enterprise', 3);

INSERT INTO ai_providers (id, name, provider) VALUES
    ('01900000-0000-7000-8000-000000000101', 'offline', 'offline');
INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, input_cost_per_million, output_cost_per_million) VALUES
    ('01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000101', 'offline-author', 'Offline author (demonstration, no language model)', 0, 0);

WITH flow AS (
    INSERT INTO ai_flows (id, key, name, description, type, definition)
    VALUES ('01900000-0000-7000-8000-000000000301', 'book', 'Book', 'A whole book from a brief: requirements, bible, outline, chapters in parallel, compilation, files.', 'book_generation',
    $json${
      "nodes": [
        {"id": "requirements-1", "type": "input", "position": {"x": 0, "y": 0}, "data": {"label": "Requirements", "role": "story_input", "aiEnabled": true, "selectedModels": ["default"]}},
        {"id": "architect-1", "type": "process", "position": {"x": 240, "y": 0}, "data": {"label": "Story architect", "role": "narrative_architect", "aiEnabled": true, "selectedModels": ["default"]}},
        {"id": "outliner-1", "type": "process", "position": {"x": 480, "y": 0}, "data": {"label": "Outliner", "role": "story_outliner", "aiEnabled": true, "selectedModels": ["default"]}},
        {"id": "writer-1", "type": "process", "position": {"x": 720, "y": 0}, "data": {"label": "Chapter writer", "role": "content_writer", "aiEnabled": true, "selectedModels": ["default"]}},
        {"id": "compiler-1", "type": "process", "position": {"x": 960, "y": 0}, "data": {"label": "Compiler", "role": "end_to_end_polisher", "aiEnabled": false}},
        {"id": "output-1", "type": "output", "position": {"x": 1200, "y": 0}, "data": {"label": "Files", "role": "multi_format_output", "aiEnabled": false, "exportFormats": ["pdf", "docx", "epub", "html", "md", "txt"]}}
      ],
      "edges": [
        {"id": "e1", "source": "requirements-1", "target": "architect-1"},
        {"id": "e2", "source": "architect-1", "target": "outliner-1"},
        {"id": "e3", "source": "outliner-1", "target": "writer-1"},
        {"id": "e4", "source": "writer-1", "target": "compiler-1"},
        {"id": "e5", "source": "compiler-1", "target": "output-1"}
      ],
      "models": ["default"]
    }$json$)
    RETURNING id, name, description, definition
), version AS (
    INSERT INTO workflow_versions (id, user_id, definition)
    SELECT '01900000-0000-7000-8000-000000000401', NULL, definition FROM flow
    RETURNING id
)
INSERT INTO ai_engines (id, key, name, description, flow_id, workflow_version_id, is_default)
SELECT '01900000-0000-7000-8000-000000000501', 'book', flow.name, flow.description, flow.id, version.id, true FROM flow, version;
